import { describeError, type ApiResult } from "@live-orders/client/api-error";
import { z } from "zod";

export type ToolOutcome<Output> =
  | { readonly kind: "done"; readonly output: Output }
  /** For a person, or a model, to read. */
  | { readonly kind: "failed"; readonly reason: string };

/** A way to read orders, for the grammar, a model or another program. There is none to write them. */
export interface ReadTool<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType<object> = z.ZodType<object>,
> {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** Checks the input. Never rejects. */
  run(input: z.input<Input>, signal: AbortSignal): Promise<ToolOutcome<z.output<Output>>>;
}

interface ToolParts<Input extends z.ZodType, Output extends z.ZodType<object>> {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** @throws ToolFailure */
  readonly read: (input: z.output<Input>, signal: AbortSignal) => Promise<z.input<Output>>;
}

/** Why a tool has no answer, in a sentence for a person. */
export class ToolFailure extends Error {
  override readonly name = "ToolFailure";
}

export function readTool<Input extends z.ZodType, Output extends z.ZodType<object>>({
  read,
  ...about
}: ToolParts<Input, Output>): ReadTool<Input, Output> {
  return {
    ...about,
    run: async (raw, signal) => {
      const input = about.input.safeParse(raw);
      if (!input.success) return { kind: "failed", reason: z.prettifyError(input.error) };
      try {
        return { kind: "done", output: about.output.parse(await read(input.data, signal)) };
      } catch (error) {
        if (error instanceof ToolFailure) return { kind: "failed", reason: error.message };
        return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** The answer of a request. @throws ToolFailure */
export function answered<Value>(result: ApiResult<Value>): Value {
  if (result.ok) return result.value;
  throw new ToolFailure(describeError(result.error));
}
