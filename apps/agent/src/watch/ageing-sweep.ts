import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { MessageStore } from "@live-orders/store/message-store";
import type { FoundCause } from "../triggers/found-cause.ts";
import { isAgeTrigger, type AgeTrigger, type Trigger } from "../triggers/trigger.ts";
import type { CauseRecorder } from "./cause-recorder.ts";
import { readEntry } from "./entry-reader.ts";
import { inParallel } from "./in-parallel.ts";
import { orderPages } from "./order-pages.ts";
import { readOrder } from "./order-reading.ts";

interface SweepParts {
  readonly api: Pick<OrdersApi, "list" | "history" | "get">;
  readonly messages: Pick<MessageStore, "standing">;
  readonly recorder: CauseRecorder;
  readonly triggers: readonly Trigger[];
  /** In ms since 1970. */
  readonly now?: () => number;
}

/** Histories that are read at once, and orders whose causes are recorded together. */
const WIDTH = 4;
const CHUNK = 50;
const MAX_REMEMBERED = 100_000;

/**
 * Looks through the pending orders for those that have been so for too long. An order that has a message of the trigger
 * whose cause still stands is in the same stay: it fires once, also where no history tells when it came.
 */
export class AgeingSweep {
  readonly #parts: SweepParts;
  readonly #triggers: readonly AgeTrigger[];
  /** When an order as it stands came to be pending, in ms since 1970: it is not due before. */
  readonly #entries = new Map<string, number>();

  constructor(parts: SweepParts) {
    this.#parts = parts;
    this.#triggers = parts.triggers.filter(isAgeTrigger).filter(({ enabled }) => enabled);
  }

  /** One look at all of them. @throws Error if the server or the database does not answer */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#triggers.length === 0) return;
    const query = { statuses: ["pending"], sort: { field: "id", descending: false } } as const;
    for await (const { orders, position } of orderPages(this.#parts.api, query, signal)) {
      for (let start = 0; start < orders.length; start += CHUNK) {
        if (signal.aborted) return;
        await this.#look(orders.slice(start, start + CHUNK), position, signal);
      }
    }
  }

  async #look(orders: readonly Order[], position: Position, signal: AbortSignal): Promise<void> {
    const { api, messages, recorder } = this.#parts;
    const standing = await messages.standing(orders.map(({ id }) => id));
    const fired = new Set(standing.map(({ cause, order }) => `${cause.trigger} ${order.id}`));
    const found = await inParallel(orders, WIDTH, (order) => {
      const waiting = this.#triggers.filter(({ name }) => !fired.has(`${name} ${order.id}`));
      return this.#causesOf(order, waiting, position, signal);
    });
    const added = await recorder.record(found.flat());
    // The feed may have told that they left before there was a message to end.
    const ids = [...new Set(added.map(({ order }) => order.id))];
    await recorder.end(await inParallel(ids, WIDTH, (id) => readOrder(api, id, signal)));
  }

  async #causesOf(
    order: Order,
    triggers: readonly AgeTrigger[],
    as_of: Position,
    signal: AbortSignal,
  ): Promise<FoundCause[]> {
    const now = this.#parts.now?.() ?? Date.now();
    const isDue = (enteredAt: number) => triggers.filter(({ after }) => now - enteredAt >= after);
    const key = `${order.id} ${order.updated_at}`;
    const remembered = this.#entries.get(key);
    if (triggers.length === 0 || (remembered !== undefined && isDue(remembered).length === 0)) return [];
    const entry = await readEntry(this.#parts.api, order, signal);
    if (entry.kind === "behind") return [];
    const { position, at } = entry;
    this.#remember(key, Date.parse(at));
    return isDue(Date.parse(at)).map(({ name, kind }) => ({
      cause: { trigger: name, kind, position, at, as_of },
      order,
    }));
  }

  #remember(key: string, enteredAt: number): void {
    if (this.#entries.size >= MAX_REMEMBERED) this.#entries.clear();
    this.#entries.set(key, enteredAt);
  }
}
