import type { Request } from "express";
import type { z } from "zod";
import { checked } from "./checked.ts";
import { invalid } from "./problem-error.ts";

/** The only parameter that may repeat; the schemas take it as an array. */
const REPEATABLE = "status";

/**
 * The query parameters of a request. Express's own reading is off: it mends what the contract refuses.
 *
 * @throws ProblemError `validation` for unknown or repeated parameters and wrong values
 */
export function readQuery<S extends z.ZodType>(request: Request, schema: S): z.output<S> {
  return checked(schema, rawQuery(request.originalUrl), "query");
}

function rawQuery(url: string): object {
  const start = url.indexOf("?");
  // Without a prototype, so that a parameter named `__proto__` is one like any other.
  const values: Record<string, string | string[]> = {};
  Object.setPrototypeOf(values, null);
  for (const pair of start < 0 ? [] : url.slice(start + 1).split("&")) {
    if (pair === "") continue;
    const [name, value] = decodePair(pair);
    const known = values[name];
    if (name === REPEATABLE) values[name] = Array.isArray(known) ? [...known, value] : [value];
    else if (known === undefined) values[name] = value;
    else throw invalid(name, "must not be given twice");
  }
  return values;
}

function decodePair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf("=");
  return equals < 0 ? [decode(pair), ""] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw invalid("query", "holds a percent-encoding that is not UTF-8");
  }
}
