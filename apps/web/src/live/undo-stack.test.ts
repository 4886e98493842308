import { expect, it } from "vitest";
import { createUndoStack } from "./undo-stack.ts";

it("takes back the latest first, each once", () => {
  const undone: number[] = [];
  const stack = createUndoStack();
  const [one, two] = [1, 2].map((n) => ({ run: () => void undone.push(n) }));
  if (one === undefined || two === undefined) throw new Error("two were made");
  stack.push(one);
  stack.push(two);
  expect([stack.undo(), stack.undo(two), stack.undo(), stack.undo()]).toEqual([true, false, true, false]);
  expect(undone).toEqual([2, 1]);
});

it("remembers the latest 20", () => {
  const stack = createUndoStack();
  for (let n = 0; n < 25; n += 1) stack.push({ run: () => undefined });
  let count = 0;
  while (stack.undo()) count += 1;
  expect(count).toBe(20);
});
