import type { AnswerPart, SpokenOrder } from "@live-orders/protocol/http-ask";
import { STATUSES } from "@live-orders/protocol/status";
import type { z } from "zod";
import type { ReadTools } from "../tools/read-tools.ts";
import type { SeenChange } from "../tools/seen-change.ts";
import type { AnswerMeans } from "./answer-means.ts";
import { ANSWERED, failed, text, usedTool } from "./answer-parts.ts";
import { counted, listed } from "./answer-words.ts";
import { momentWords, spanOf, type AskedTime } from "./asked-time.ts";
import type { Asked } from "./question-grammar.ts";

type About<Kind extends Asked["kind"]> = Extract<Asked, { readonly kind: Kind }>;
type Told = z.output<ReadTools["recent_changes"]["output"]>;
type Sums = NonNullable<Told["sums"]>;

const SHOWN = 20;

/** How many orders came to a status. */
export async function* answerMoved(
  { to, time }: About<"moved">,
  means: AnswerMeans,
): AsyncGenerator<AnswerPart> {
  yield* answerSpan(time, { to }, means, ({ moved_to, created_in }, span) => {
    const more = created_in[to] === 0 ? "" : ` ${counted(created_in[to], "order")} more came in as ${to}.`;
    return `${counted(moved_to[to], "order")} became ${to} ${span}.${more}`;
  });
}

/** How many orders came in. */
export async function* answerCreated(
  { time }: About<"created">,
  means: AnswerMeans,
): AsyncGenerator<AnswerPart> {
  yield* answerSpan(time, { deed: "created" }, means, ({ created }, span) => {
    return `${counted(created, "order")} came in ${span}.`;
  });
}

/** What changed. */
export async function* answerChanged(
  { time }: About<"changed">,
  means: AnswerMeans,
): AsyncGenerator<AnswerPart> {
  yield* answerSpan(time, {}, means, (sums, span) => {
    if (sums.changes === 0) return `Nothing: 0 changes ${span}.`;
    const deeds = [
      ...(sums.created > 0 ? [`${counted(sums.created, "order")} came in`] : []),
      ...STATUSES.filter((to) => sums.moved_to[to] > 0).map(
        (to) => `${counted(sums.moved_to[to], "order")} became ${to}`,
      ),
      ...(sums.renamed > 0 ? [counted(sums.renamed, "renaming")] : []),
      ...(sums.deleted > 0 ? [counted(sums.deleted, "deletion")] : []),
    ];
    const told = deeds.length > 0 ? `: ${listed(deeds)}` : "";
    return `${counted(sums.changes, "change")} of ${counted(sums.orders, "order")} ${span}${told}.`;
  });
}

async function* answerSpan(
  time: AskedTime,
  filter: { readonly to?: Told["changes"][number]["to"] & string; readonly deed?: SeenChange["deed"] },
  { tools, nowMs, zone, signal }: AnswerMeans,
  words: (sums: Sums, span: string) => string,
): AsyncGenerator<AnswerPart> {
  const { since, until, words: span } = spanOf(time, nowMs, zone);
  yield usedTool("recent_changes");
  const asked = { since, limit: SHOWN, ...(until !== null && { until }), ...filter };
  const outcome = await tools.recent_changes.run(asked, signal);
  if (outcome.kind === "failed") return void (yield failed(outcome.reason));
  const { sums, changes, cut, since: reached } = outcome.output;
  if (sums === null) return void (yield failed("The changes were not summed up"));
  yield text(words(sums, span));
  if (cut && reached !== null) {
    yield text(
      ` The history begins ${momentWords(Date.parse(reached), nowMs, zone)}; what was before is not known.`,
    );
  }
  const orders = spokenOf(changes);
  if (orders.length > 0) yield { kind: "orders", orders };
  yield ANSWERED;
}

/** The orders of the changes, the newest first, each as of its newest change; without those that are no more. */
function spokenOf(changes: readonly SeenChange[]): SpokenOrder[] {
  const spoken = new Map<number, SpokenOrder | null>();
  for (const { id, to, customer_name, product_name } of changes) {
    if (spoken.has(id)) continue;
    const isThere = to !== null && customer_name !== null && product_name !== null;
    spoken.set(id, isThere ? { id, customer_name, product_name, status: to } : null);
  }
  return [...spoken.values()].filter((order) => order !== null);
}
