import { expect, it } from "vitest";
import { parseQuestion } from "./question-grammar.ts";

it.each([
  ["what happened to order 1234?", { kind: "history", id: 1234 }],
  ["What happened with #7", { kind: "history", id: 7 }],
  ["what happened to order 1234 in Berlin?", null],
  ["what happened?", null],
])("reads %j as %j", (question, asked) => {
  expect(parseQuestion(question)).toEqual(asked);
});
