import type { AnswerPart } from "@live-orders/protocol/http-ask";
import { orderIdSchema } from "@live-orders/protocol/order";
import type { SeenChange } from "../tools/seen-change.ts";
import type { AnswerMeans } from "./answer-means.ts";
import { ANSWERED, failed, spokenOrders, text, usedTool } from "./answer-parts.ts";
import { momentWords } from "./asked-time.ts";
import type { Asked } from "./question-grammar.ts";

type About = Extract<Asked, { readonly id: number }>;

const SHOWN = 20;

/** What happened to an order, the oldest first. */
export async function* answerHistory({ id }: About, means: AnswerMeans): AsyncGenerator<AnswerPart> {
  const story = yield* readStory(id, means);
  if (story === null) return;
  const { order, changes, next, history_since: since } = story;
  if (order === null && changes.length === 0) yield text(`There is no order #${id}, and none was known.`);
  else if (changes.length === 0) {
    yield text(`Order #${id} is ${order?.status ?? ""}. Nothing of what happened to it before is known`);
    yield text(since === null ? ": no history is kept." : `: the history begins ${moment(since, means)}.`);
  } else {
    yield text(order === null ? `Order #${id} was deleted.\n` : `Order #${id} is ${order.status}.\n`);
    if (next !== null) yield text(`The last ${changes.length} changes:\n`);
    for (const change of [...changes].reverse()) {
      yield text(`${moment(change.at, means)}: ${wordsOf(change)}\n`);
    }
  }
  yield ANSWERED;
}

/** How an order stands. */
export async function* answerStanding({ id }: About, means: AnswerMeans): AsyncGenerator<AnswerPart> {
  const story = yield* readStory(id, means);
  if (story === null) return;
  const { order, changes } = story;
  const end = changes[0]?.deed === "deleted" ? ` It was deleted ${moment(changes[0].at, means)}.` : "";
  yield text(order === null ? `There is no order #${id}.${end}` : `Order #${id} is ${order.status}.`);
  yield ANSWERED;
}

async function* readStory(id: number, { tools, signal }: AnswerMeans) {
  if (!orderIdSchema.safeParse(id).success) {
    yield text(`There is no order #${id}: numbers go from 1 to 2147483647.`);
    yield ANSWERED;
    return null;
  }
  yield usedTool("order_history");
  const outcome = await tools.order_history.run({ id, limit: SHOWN }, signal);
  if (outcome.kind === "failed") {
    yield failed(outcome.reason);
    return null;
  }
  const { order } = outcome.output;
  if (order !== null) yield spokenOrders([order]);
  return outcome.output;
}

const moment = (at: string, { nowMs, zone }: AnswerMeans): string => momentWords(Date.parse(at), nowMs, zone);

function wordsOf({ deed, from, to, customer_name, product_name }: SeenChange): string {
  const name = `${customer_name ?? "?"}, ${product_name ?? "?"}`;
  switch (deed) {
    case "created":
      return `created as ${to ?? "?"} (${name})`;
    case "moved":
      return `${from ?? "?"} → ${to ?? "?"}`;
    case "renamed":
      return `renamed (${name})`;
    case "deleted":
      return "deleted";
    case "touched":
      return "changed in no field but its time, as far as is known";
  }
}
