import type { AnswerPart, AnswerSource, Question } from "@live-orders/protocol/http-ask";

/** The seam to whatever answers questions. It can read orders, and has no way to write one. */
export interface Answerer {
  /** What is at work. */
  readonly source: AnswerSource;
  /**
   * The parts of the answer as they come, as `answerPartSchema` says: what goes wrong is its last part, and nothing is
   * thrown. The signal ends it early, without a last part.
   */
  answer(question: Question, signal: AbortSignal): AsyncIterable<AnswerPart>;
}
