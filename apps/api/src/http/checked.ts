import type { FieldError } from "@live-orders/protocol/problem";
import type { z } from "zod";
import { ProblemError } from "./problem-error.ts";

/** A long body may break a rule in each of its thousand parts: the answer names the first of them. */
const MAX_ERRORS = 50;
const MAX_TEXT = 300;

/**
 * What came from outside, as the schema says.
 *
 * @param what its name in the problem's detail: "body", "query"
 * @throws ProblemError `validation`, with one error for each field
 */
export function checked<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(fieldErrors).slice(0, MAX_ERRORS);
  const [first] = errors;
  const where = first === undefined || first.path === "" ? `The ${what}` : first.path;
  throw new ProblemError("validation", { detail: `${where}: ${first?.message ?? "is not valid"}`, errors });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code !== "unrecognized_keys") {
    return [{ path: cut(path.join(".")), message: cut(issue.message) }];
  }
  return issue.keys
    .slice(0, MAX_ERRORS)
    .map((key) => ({ path: cut([...path, key].join(".")), message: "is not known here" }));
}

/** Well-formed too: a key of a body may hold a lone surrogate. */
const cut = (text: string): string =>
  (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text).replace(/\p{Cs}/gu, "\ufffd");
