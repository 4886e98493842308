/** The floor: a program that reads the change stream and tells nobody. It notes when each change came. */
import { z } from "zod";
import { answerQuestions } from "../asked-process.ts";
import { keyOfDelete, keyOfState } from "../load/write-record.ts";
import { machineMs } from "../machine-clock.ts";
import { readBareChanges } from "./bare-changes.ts";

const questionSchema = z.object({ kind: z.enum(["begin", "seen"]) });

let keys: number[] = [];
let at: number[] = [];

answerQuestions((question) => {
  const { kind } = questionSchema.parse(question);
  if (kind === "begin") [keys, at] = [[], []];
  return Promise.resolve({ keys: Float64Array.from(keys), at: Float64Array.from(at) });
});
await readBareChanges(({ id, after }) => {
  keys.push(after === null ? keyOfDelete(id) : keyOfState(after.updated_at.toISOString()));
  at.push(machineMs());
});
