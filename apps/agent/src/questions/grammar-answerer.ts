import type { AnswerPart, Question } from "@live-orders/protocol/http-ask";
import type { ReadTools } from "../tools/read-tools.ts";
import { NOT_UNDERSTOOD, text } from "./answer-parts.ts";
import type { AnswerMeans } from "./answer-means.ts";
import type { Answerer } from "./answerer.ts";
import { answerChanged, answerCreated, answerMoved } from "./change-answers.ts";
import { answerCount, answerLongest, answerOld } from "./order-answers.ts";
import { answerHistory, answerStanding } from "./one-order-answers.ts";
import { type Asked, parseQuestion } from "./question-grammar.ts";

/** One of each form, for people. */
const EXAMPLE_QUESTIONS = [
  "Which customers have undelivered orders older than a day?",
  "How many shipped today?",
  "What happened to order 1234?",
  "Who waits longest?",
  "What changed since nine?",
] as const;

/**
 * Answers the questions of some forms, with numbers from the tools alone; says of all others that it does not understand
 * them.
 */
export function grammarAnswerer(tools: ReadTools, now: () => number = Date.now): Answerer {
  return {
    source: { kind: "grammar" },
    async *answer({ question, time_zone: zone }: Question, signal): AsyncGenerator<AnswerPart> {
      yield { kind: "source", source: { kind: "grammar" } };
      const asked = parseQuestion(question);
      if (asked !== null) {
        yield* answersOf(asked, { tools, nowMs: now(), zone, signal });
        return;
      }
      yield text("I don't understand this question. I answer questions such as:\n");
      yield text(EXAMPLE_QUESTIONS.map((example) => `· ${example}\n`).join(""));
      yield NOT_UNDERSTOOD;
    },
  };
}

function answersOf(asked: Asked, means: AnswerMeans): AsyncGenerator<AnswerPart> {
  switch (asked.kind) {
    case "history":
      return answerHistory(asked, means);
    case "standing":
      return answerStanding(asked, means);
    case "count":
      return answerCount(asked, means);
    case "old":
      return answerOld(asked, means);
    case "longest":
      return answerLongest(asked, means);
    case "moved":
      return answerMoved(asked, means);
    case "created":
      return answerCreated(asked, means);
    case "changed":
      return answerChanged(asked, means);
  }
}
