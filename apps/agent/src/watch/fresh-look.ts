import { pause, systemClock } from "@live-orders/client/clock";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { AgentMessage, MessageState } from "@live-orders/protocol/agent-message";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { MessageStore } from "@live-orders/store/message-store";
import type { FoundCause } from "../triggers/found-cause.ts";
import { isMoveTrigger, REACHED, type MoveTrigger, type Trigger } from "../triggers/trigger.ts";
import type { CauseRecorder } from "./cause-recorder.ts";
import { readEntry } from "./entry-reader.ts";
import { inParallel } from "./in-parallel.ts";
import { orderPages } from "./order-pages.ts";
import { readOrder } from "./order-reading.ts";

interface LookParts {
  readonly api: Pick<OrdersApi, "list" | "history" | "get">;
  readonly messages: MessageStore;
  readonly recorder: CauseRecorder;
  readonly triggers: readonly Trigger[];
}

const WIDTH = 4;
/** Messages of each state whose orders are looked at. */
const MAX_MESSAGES = 10_000;
const PAGE = 200;
const OPEN: readonly MessageState[] = ["queued", "draft", "approved", "failed"];

/**
 * What the feed can't tell any more, read from the orders as they stand: those that came to a trigger's status since,
 * and the messages whose cause has ended. It may find again what the feed then tells: the same cause has one message.
 */
export async function freshLook(parts: LookParts, since: string, signal: AbortSignal): Promise<void> {
  for (const trigger of parts.triggers.filter(isMoveTrigger)) {
    if (trigger.enabled) await lookForMoves(parts, trigger, since, signal);
  }
  await lookForEnds(parts, signal);
}

async function lookForMoves(
  { api, messages, recorder }: LookParts,
  trigger: MoveTrigger,
  since: string,
  signal: AbortSignal,
): Promise<void> {
  const query = {
    statuses: [REACHED[trigger.kind]],
    sort: { field: "updated_at", descending: true },
  } as const;
  for await (const { orders, position } of orderPages(api, query, signal)) {
    const lately = orders.filter(({ updated_at }) => updated_at >= since);
    const standing = await messages.standing(lately.map(({ id }) => id));
    const told = new Set(
      standing.filter(({ cause }) => cause.trigger === trigger.name).map(({ order }) => order.id),
    );
    const found = await inParallel(lately, WIDTH, (order) =>
      moveOf(api, trigger, order, { since, as_of: position, isTold: told.has(order.id) }, signal),
    );
    await recorder.record(found.flat());
    if (lately.length < orders.length) return;
  }
}

interface Look {
  readonly since: string;
  readonly as_of: Position;
  readonly isTold: boolean;
}

async function moveOf(
  api: Pick<OrdersApi, "history">,
  { name, kind }: MoveTrigger,
  order: Order,
  { since, as_of, isTold }: Look,
  signal: AbortSignal,
): Promise<FoundCause[]> {
  const entry = await settledEntry(api, order, signal);
  // One that was created there did not become it.
  if (entry === null || entry.at < since || (entry.kind === "known" && entry.created)) return [];
  if (entry.kind === "unknown" && isTold) return [];
  return [{ cause: { trigger: name, kind, position: entry.position, at: entry.at, as_of }, order }];
}

/** Waits for a history that is behind, at most 10 s. Null: it changed meanwhile, and the feed will tell of it. */
async function settledEntry(api: Pick<OrdersApi, "history">, order: Order, signal: AbortSignal) {
  for (let tries = 0; tries < 20; tries += 1) {
    const entry = await readEntry(api, order, signal);
    if (entry.kind !== "behind") return entry;
    await pause(systemClock, 500, signal);
  }
  return null;
}

async function lookForEnds({ api, messages, recorder }: LookParts, signal: AbortSignal): Promise<void> {
  let before: number | null = null;
  for (let seen = 0; seen < MAX_MESSAGES; seen += PAGE) {
    const page: readonly AgentMessage[] = await messages.page({
      states: OPEN,
      order: null,
      limit: PAGE,
      before,
    });
    const ids = [...new Set(page.map(({ order }) => order.id))];
    await recorder.end(await inParallel(ids, WIDTH, (id) => readOrder(api, id, signal)));
    before = page.at(-1)?.version ?? null;
    if (page.length < PAGE || signal.aborted) return;
  }
}
