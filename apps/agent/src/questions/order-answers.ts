import type { AnswerPart } from "@live-orders/protocol/http-ask";
import type { AnswerMeans } from "./answer-means.ts";
import { ANSWERED, failed, spokenOrders, text, usedTool } from "./answer-parts.ts";
import { counted, listed, statusWord } from "./answer-words.ts";
import { exactDuration, momentWords, roughDuration } from "./asked-time.ts";
import type { Asked } from "./question-grammar.ts";

type About<Kind extends Asked["kind"]> = Extract<Asked, { readonly kind: Kind }>;

const SHOWN = 20;

/** How many orders stand there now. */
export async function* answerCount(
  { statuses }: About<"count">,
  { tools, signal }: AnswerMeans,
): AsyncGenerator<AnswerPart> {
  yield usedTool("count_orders");
  const outcome = await tools.count_orders.run({ status: [...statuses] }, signal);
  if (outcome.kind === "failed") return void (yield failed(outcome.reason));
  const { total, groups } = outcome.output;
  const kind = statusWord(statuses);
  yield text(`There ${total === 1 ? "is" : "are"} ${counted(total, `${kind} order`.trim())}`);
  const parts = groups.map(({ name, count }) => counted(count, name, name));
  yield text(groups.length > 1 ? `: ${listed(parts)}.` : ".");
  yield ANSWERED;
}

/** Which orders have been in their status for long, and whose they are. */
export async function* answerOld(
  { statuses, ageMs, wanted }: About<"old">,
  { tools, nowMs, signal }: AnswerMeans,
): AsyncGenerator<AnswerPart> {
  const filter = {
    status: [...statuses],
    waiting_since_before: new Date(nowMs - ageMs).toISOString(),
  };
  yield usedTool("count_orders");
  const outcome = await tools.count_orders.run({ ...filter, by: "customer", limit: SHOWN }, signal);
  if (outcome.kind === "failed") return void (yield failed(outcome.reason));
  const { total, groups, groups_total: customers } = outcome.output;
  const orders = counted(total, `${statusWord(statuses)} order`.trim());
  const age = `in ${total === 1 ? "its" : "their"} status for more than ${exactDuration(ageMs)}`;
  const who = wanted === "customers" ? `${counted(customers, "customer")} with ${orders}` : orders;
  yield text(
    `${total === 0 ? `None: ${orders} have` : `${who}: ${total === 1 ? "it has" : "they have"}`} been ${age}.`,
  );
  if (total > 0 && wanted === "customers") {
    const named = groups.map(({ name, count }) => `${name} (${count})`);
    const more = customers - groups.length;
    yield text(`\n${[...named, ...(more > 0 ? [`and ${more} more`] : [])].join(", ")}`);
  }
  if (total > 0) {
    yield usedTool("find_orders");
    const found = await tools.find_orders.run({ ...filter, limit: SHOWN }, signal);
    if (found.kind === "done") yield spokenOrders(found.output.orders);
  }
  yield ANSWERED;
}

/** Which order has been in its status for longest. */
export async function* answerLongest(
  { statuses }: About<"longest">,
  { tools, nowMs, zone, signal }: AnswerMeans,
): AsyncGenerator<AnswerPart> {
  yield usedTool("find_orders");
  const outcome = await tools.find_orders.run({ status: [...statuses], sort: "waiting", limit: 5 }, signal);
  if (outcome.kind === "failed") return void (yield failed(outcome.reason));
  const [first, ...others] = outcome.output.orders;
  const kind = statusWord(statuses);
  if (first === undefined || !("in_status_since" in first)) {
    yield text(`Nobody: there are no ${kind === "" ? "" : `${kind} `}orders.`);
    yield ANSWERED;
    return;
  }
  const sinceMs = Date.parse(first.in_status_since);
  const basis = first.told_by === "history" ? "" : ", as far as its last change tells";
  yield text(
    `${first.customer_name}: order #${first.id} (${first.product_name}) has been ${first.status} since ${momentWords(sinceMs, nowMs, zone)}, for ${roughDuration(nowMs - sinceMs)}${basis}.`,
  );
  if (others.length > 0) {
    yield text(
      ` After it: ${others.map(({ id, customer_name }) => `#${id} (${customer_name})`).join(", ")}.`,
    );
  }
  yield spokenOrders(outcome.output.orders);
  yield ANSWERED;
}
