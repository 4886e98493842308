import { timestampSchema } from "@live-orders/protocol/order";
import { searchSchema } from "@live-orders/protocol/order-query";
import { STATUSES, statusSchema } from "@live-orders/protocol/status";
import { z } from "zod";

export const statusesInput = z
  .array(statusSchema)
  .min(1)
  .max(STATUSES.length)
  .optional()
  .describe("only orders in these statuses; none: all");
export const textInput = searchSchema
  .min(1)
  .optional()
  .describe("part of the customer's or the product's name in any case, or an exact id");
export const waitingInput = timestampSchema
  .optional()
  .describe(
    "only orders that have been in their status since before this time (RFC 3339, UTC, milliseconds)",
  );

/** How many rows a tool gives at once. */
const LIMIT = { most: 50, default: 20 } as const;
export const limitInput = z.int().min(1).max(LIMIT.most).default(LIMIT.default);
