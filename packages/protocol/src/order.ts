import { z } from "zod";
import { statusSchema } from "./status.ts";

/** The greatest BSON 32-bit int, and so the greatest id. */
export const MAX_ID = 2_147_483_647;
/** In code points, not UTF-16 units. */
export const MAX_NAME_LENGTH = 200;

export const orderIdSchema = z.int().min(1).max(MAX_ID);

/** Neither a control character (category Cc) nor a lone surrogate (with the `u` flag only lone ones are Cs). */
const FORBIDDEN_IN_NAMES = /[\p{Cc}\p{Cs}]/u;

const codePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const nameChecks = (name: z.ZodString) =>
  name
    .refine((text) => text.length > 0, "must not be empty")
    .refine(
      (text) => codePoints(text) <= MAX_NAME_LENGTH,
      `must be at most ${MAX_NAME_LENGTH} characters long`,
    )
    .refine(
      (text) => !FORBIDDEN_IN_NAMES.test(text),
      "must not contain control characters or lone surrogates",
    );

/** A name as it stands in the database: a direct write keeps its outer spaces. */
export const storedNameSchema = nameChecks(z.string());
/** A name as the API takes it: trimmed as JavaScript does. */
export const nameSchema = nameChecks(z.string().trim());

/** RFC 3339, UTC, milliseconds: what `Date.prototype.toISOString` prints for the years 1 to 9999. */
export const timestampSchema = z.iso
  .datetime({ precision: 3 })
  .refine(
    (text) => !Number.isNaN(Date.parse(text)) && !text.startsWith("0000"),
    "must be a date of the years 1 to 9999",
  );

/** An order as every answer, change and page shows it. */
export const orderSchema = z.strictObject({
  id: orderIdSchema,
  customer_name: storedNameSchema,
  product_name: storedNameSchema,
  status: statusSchema,
  updated_at: timestampSchema,
});
export type Order = z.infer<typeof orderSchema>;

/** What a person may set. */
export const orderFieldsSchema = z.strictObject({
  customer_name: nameSchema,
  product_name: nameSchema,
  status: statusSchema,
});
export type OrderFields = z.infer<typeof orderFieldsSchema>;

export const newOrderSchema = orderFieldsSchema.extend({ status: statusSchema.default("pending") });
export type NewOrder = z.input<typeof newOrderSchema>;

export const orderPatchSchema = orderFieldsSchema
  .partial()
  .refine(
    (patch) => Object.values(patch).some((value) => value !== undefined),
    "must set at least one field",
  );
export type OrderPatch = z.infer<typeof orderPatchSchema>;

/** An import's row: it may keep its date. Any RFC 3339 date-time is taken and kept in UTC milliseconds. */
export const importedOrderSchema = orderFieldsSchema.extend({
  updated_at: z.iso
    .datetime({ offset: true })
    .transform((text, context) => {
      const date = new Date(text);
      const year = Number.isNaN(date.getTime()) ? 0 : date.getUTCFullYear();
      if (year >= 1 && year <= 9999) return date.toISOString();
      context.addIssue({ code: "custom", message: "must be a date of the years 1 to 9999" });
      return z.NEVER;
    })
    .optional(),
});
export type ImportedOrder = z.infer<typeof importedOrderSchema>;
