import type { ResponseConfig } from "@asteasolutions/zod-to-openapi";
import { PROBLEMS, problemSchema, type ProblemSlug } from "@live-orders/protocol/problem";
import { z } from "zod";

export type Answers = Record<string, ResponseConfig>;

const REQUEST_ID = { "X-Request-Id": z.string() };

/** A JSON answer. Every answer carries `X-Request-Id`. */
export function jsonAnswer(
  status: 200 | 201,
  description: string,
  schema: z.ZodType,
  headers: Record<string, z.ZodType> = {},
): Answers {
  const content = { "application/json": { schema } };
  return { [status]: { description, headers: z.object({ ...REQUEST_ID, ...headers }), content } };
}

const PROBLEM_HEADERS: Partial<Record<ProblemSlug, Record<string, z.ZodType>>> = {
  "method-not-allowed": { Allow: z.string() },
  "rate-limited": { "Retry-After": z.string() },
  unavailable: { "Retry-After": z.string() },
};

/** What any route may answer. */
const COMMON: readonly ProblemSlug[] = ["validation", "forbidden", "method-not-allowed", "unavailable"];

export function problemAnswers(...slugs: readonly ProblemSlug[]): Answers {
  const answers = [...COMMON, ...slugs].map((slug) => {
    const { status, title } = PROBLEMS[slug];
    const headers = z.object({ ...REQUEST_ID, ...PROBLEM_HEADERS[slug] });
    const content = { "application/problem+json": { schema: problemSchema } };
    return [status, { description: `\`urn:live-orders:${slug}\`: ${title}`, headers, content }] as const;
  });
  return Object.fromEntries(answers);
}
