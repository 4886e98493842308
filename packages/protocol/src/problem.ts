import { z } from "zod";
import { orderSchema } from "./order.ts";

/** Every problem that the API may answer, with its HTTP status and its title. */
export const PROBLEMS = {
  validation: { status: 400, title: "The request is not valid" },
  forbidden: { status: 403, title: "This origin or host may not use the server" },
  "not-found": { status: 404, title: "There is no such thing" },
  "method-not-allowed": { status: 405, title: "This method is not allowed here" },
  replaced: { status: 409, title: "A later watch or unwatch took its place" },
  "history-lost": { status: 410, title: "The history from this cursor on is gone" },
  stale: { status: 412, title: "The order has changed" },
  "too-large": { status: 413, title: "The body is too large" },
  "key-conflict": { status: 422, title: "This Idempotency-Key belongs to another request" },
  "rate-limited": { status: 429, title: "Too many requests" },
  "agent-away": { status: 503, title: "No agent answers questions" },
  unavailable: { status: 503, title: "The database is away" },
} as const;
export type ProblemSlug = keyof typeof PROBLEMS;

const slugs = Object.keys(PROBLEMS).filter((slug): slug is ProblemSlug => slug in PROBLEMS);
export const problemTypeSchema = z.templateLiteral(["urn:live-orders:", z.enum(slugs)]);

export const fieldErrorSchema = z.object({
  /** Dotted path into the body, or the parameter's name: `operations.3.order.status`. */
  path: z.string(),
  message: z.string(),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** RFC 9457 problem details. */
export const problemSchema = z.object({
  type: problemTypeSchema,
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  requestId: z.string(),
  /** On `validation`. */
  errors: z.array(fieldErrorSchema).optional(),
  /** On `stale`: the order as it stands. */
  current: orderSchema.optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export function problem(
  slug: ProblemSlug,
  about: { detail: string; requestId: string; errors?: FieldError[]; current?: Problem["current"] },
): Problem {
  return { type: `urn:live-orders:${slug}`, ...PROBLEMS[slug], ...about };
}

/** The slug of a problem, to tell problems apart. */
export const slugOf = (about: Pick<Problem, "type">): ProblemSlug =>
  z.enum(slugs).parse(about.type.slice("urn:live-orders:".length));
