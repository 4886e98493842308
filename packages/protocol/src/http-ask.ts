import { z } from "zod";
import { orderSchema } from "./order.ts";

/** In characters. */
export const MAX_QUESTION = 500;

/** A name of the IANA time zone database. */
const timeZoneSchema = z
  .string()
  .max(64)
  .refine((zone) => isTimeZone(zone), "must be a time zone such as Europe/Berlin");

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** `POST /api/agent/ask` */
export const questionSchema = z.strictObject({
  question: z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(MAX_QUESTION, `must be at most ${MAX_QUESTION} characters long`)
    .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), "must not contain control characters"),
  /** Whose midnight "today" begins at. */
  time_zone: timeZoneSchema.default("UTC"),
});
export type Question = z.infer<typeof questionSchema>;

/** What answers: a grammar of some forms of questions, or a language model. */
export const answerSourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("grammar") }),
  z.object({ kind: z.literal("model"), name: z.string().min(1).max(100) }),
]);
export type AnswerSource = z.infer<typeof answerSourceSchema>;

/** `GET /api/agent/ask` */
export const answererSchema = z.object({ source: answerSourceSchema });
export type AnswererInfo = z.infer<typeof answererSchema>;

/** An order that an answer speaks of, as it was when it was read. */
export const spokenOrderSchema = orderSchema.pick({
  id: true,
  customer_name: true,
  product_name: true,
  status: true,
});
export type SpokenOrder = z.infer<typeof spokenOrderSchema>;

/**
 * A part of an answer, one a line (NDJSON). The first is a `source`, the last an `end` or a `failed`. The answer is what
 * its `text` parts say one after the other; a later `source` makes all before it void.
 */
export const answerPartSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("source"), source: answerSourceSchema, why: z.string().max(300).optional() }),
  /** A tool was used. */
  z.object({ kind: z.literal("tool"), name: z.string().min(1).max(64) }),
  z.object({ kind: z.literal("text"), text: z.string() }),
  z.object({ kind: z.literal("orders"), orders: z.array(spokenOrderSchema).max(100) }),
  z.object({ kind: z.literal("end"), outcome: z.enum(["answered", "not-understood"]) }),
  z.object({ kind: z.literal("failed"), reason: z.string().max(500) }),
]);
export type AnswerPart = z.infer<typeof answerPartSchema>;
