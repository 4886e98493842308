import type { ReadTools } from "../tools/read-tools.ts";

/** With what an answer is made. */
export interface AnswerMeans {
  readonly tools: ReadTools;
  readonly nowMs: number;
  /** Whose clock and midnight count. */
  readonly zone: string;
  readonly signal: AbortSignal;
}
