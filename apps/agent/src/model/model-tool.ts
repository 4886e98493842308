import type { z } from "zod";

type ToolAnswer =
  | { readonly kind: "done"; readonly output: unknown }
  /** For the model to read. */
  | { readonly kind: "failed"; readonly reason: string };

/** What a model may ask for. There is none that writes. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType;
  /** Null: to call it is the end of the run, and its input is what came of it. Never rejects. */
  readonly run: ((input: unknown, signal: AbortSignal) => Promise<ToolAnswer>) | null;
}
