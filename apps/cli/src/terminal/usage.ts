import type { z } from "zod";
import { CliFailure } from "./cli-failure.ts";

/** The value of a successful parse. @throws CliFailure (usage) that names the fields at fault */
export function usageOf<Value>(parsed: z.ZodSafeParseResult<Value>): Value {
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`.trim());
  throw new CliFailure("usage", issues.join("; "));
}
