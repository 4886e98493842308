import type { AnswerPart, Question } from "@live-orders/protocol/http-ask";
import type { ReadTools } from "../tools/read-tools.ts";
import type { SeenChange } from "../tools/seen-change.ts";
import { ANSWERED, failed, NOT_UNDERSTOOD, spokenOrders, text, usedTool } from "./answer-parts.ts";
import type { Answerer } from "./answerer.ts";
import { parseQuestion, type Asked } from "./question-grammar.ts";

const SORRY = "I don't understand this question.";

/** Answers the questions of some forms, with numbers from the tools alone. */
export function grammarAnswerer(tools: ReadTools): Answerer {
  return {
    source: { kind: "grammar" },
    async *answer(question: Question, signal): AsyncGenerator<AnswerPart> {
      yield { kind: "source", source: { kind: "grammar" } };
      const asked = parseQuestion(question.question);
      if (asked === null) {
        yield text(SORRY);
        yield NOT_UNDERSTOOD;
        return;
      }
      yield* history(tools, asked, signal);
    },
  };
}

async function* history(
  { order_history: tool }: ReadTools,
  { id }: Extract<Asked, { kind: "history" }>,
  signal: AbortSignal,
): AsyncGenerator<AnswerPart> {
  yield usedTool(tool.name);
  const outcome = await tool.run({ id }, signal);
  if (outcome.kind === "failed") {
    yield failed(outcome.reason);
    return;
  }
  const { order, changes } = outcome.output;
  if (order !== null) yield spokenOrders([order]);
  if (order === null && changes.length === 0) yield text(`There is no order #${id}, and none is known of.`);
  for (const change of changes) yield text(`${change.at}: ${wordsOf(change)}\n`);
  yield ANSWERED;
}

function wordsOf({ deed, from, to }: SeenChange): string {
  if (deed === "created") return `created, ${to ?? ""}`;
  if (deed === "moved") return `${from ?? ""} → ${to ?? ""}`;
  return deed;
}
