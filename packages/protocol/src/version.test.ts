import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { z } from "zod";
import { changeBatchSchema } from "./change.ts";
import { changesAnswerSchema, changesQuerySchema, streamQuerySchema } from "./http-changes.ts";
import {
  bulkAnswerSchema,
  bulkBodySchema,
  countsSchema,
  orderAnswerSchema,
  orderPageSchema,
} from "./http-orders.ts";
import { newOrderSchema, orderFieldsSchema, orderPatchSchema } from "./order.ts";
import { countsQuerySchema, orderQuerySchema } from "./order-query.ts";
import { problemSchema } from "./problem.ts";
import {
  feedStateSchema,
  resetSchema,
  unwatchAckSchema,
  watchAckSchema,
  watchSchema,
} from "./socket-events.ts";
import { PROTOCOL_VERSION } from "./version.ts";

const wire = {
  newOrderSchema,
  orderFieldsSchema,
  orderPatchSchema,
  orderQuerySchema,
  orderPageSchema,
  orderAnswerSchema,
  countsQuerySchema,
  countsSchema,
  bulkBodySchema,
  bulkAnswerSchema,
  changesQuerySchema,
  changesAnswerSchema,
  streamQuerySchema,
  changeBatchSchema,
  problemSchema,
  watchSchema,
  watchAckSchema,
  unwatchAckSchema,
  resetSchema,
  feedStateSchema,
};

/** One digest a version. A schema that drifts needs a new version, or (if older programs do not notice) a new digest. */
const DIGESTS: Record<number, string> = { 1: "ba71c65d99abb3ba" };

test("the schemas of the wire are those of this protocol version", () => {
  const schemas = Object.entries(wire).map(([name, schema]) => [
    name,
    z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }),
  ]);
  const digest = createHash("sha256").update(JSON.stringify(schemas)).digest("hex").slice(0, 16);
  expect(digest).toBe(DIGESTS[PROTOCOL_VERSION]);
});
