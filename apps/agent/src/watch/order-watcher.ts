import type { ApiResult } from "@live-orders/client/api-error";
import type { FeedBeginning, FeedConsumer, FeedPlace } from "@live-orders/client/feed-consumer";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import { STATUSES } from "@live-orders/protocol/status";
import type { MessageStore, ReaderPlace } from "@live-orders/store/message-store";
import { causesIn } from "../triggers/change-causes.ts";
import type { Trigger } from "../triggers/trigger.ts";
import type { CauseRecorder, SeenOrder } from "./cause-recorder.ts";
import { inParallel } from "./in-parallel.ts";
import { readOrder } from "./order-reading.ts";

interface WatcherParts {
  /** Under which its place is kept. */
  readonly name: string;
  readonly api: Pick<OrdersApi, "changes" | "get">;
  readonly messages: MessageStore;
  readonly triggers: readonly Trigger[];
  readonly recorder: CauseRecorder;
  readonly about: Omit<ReaderPlace, "cursor">;
  /**
   * Looks for what changed unseen, when the feed can't tell any more.
   *
   * @param since RFC 3339: nothing that was before is looked for
   */
  readonly freshLook: (since: string, signal: AbortSignal) => Promise<void>;
}

/** A place that nothing depends on but where a restart goes on from is saved this often, in milliseconds. */
const SAVE_EVERY_MS = 5_000;
/** Orders that are read at once, where changes lack their images. */
const WIDTH = 4;
/** What is looked for after a gap begins this much earlier than the last sign of life, in milliseconds. */
const MARGIN_MS = 60_000;

/**
 * Reads the feed from where its last run, or another agent of its name, came to. The place is saved when all causes up
 * to it are recorded: what is read twice has its message already.
 */
export class OrderWatcher implements FeedConsumer {
  readonly #parts: WatcherParts;
  #savedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: WatcherParts) {
    this.#parts = parts;
  }

  async begin(beginning: FeedBeginning, signal: AbortSignal): Promise<ApiResult<FeedPlace>> {
    if (beginning.kind === "reset") {
      await this.#lookAgain(signal);
      return this.#beginAt(beginning.cursor);
    }
    const kept = await this.#parts.messages.readPlace(this.#parts.name);
    if (kept !== null) return { ok: true, value: { statuses: STATUSES, after: kept } };
    const now = await this.#parts.api.changes({ limit: 1 }, { signal });
    if (!now.ok) return now;
    await this.#lookAgain(signal);
    return this.#beginAt(now.value.cursor);
  }

  async apply({ changes, cursor }: ChangeBatch): Promise<void> {
    if (changes.length > 0) await this.#take(changes);
    const now = performance.now();
    if (changes.length === 0 && now - this.#savedAtMs < SAVE_EVERY_MS) return;
    await this.#save(cursor);
  }

  async #take(changes: readonly Change[]): Promise<void> {
    const { recorder, triggers } = this.#parts;
    await recorder.record(causesIn(changes, triggers));
    await recorder.end(await inParallel(changes, WIDTH, (change) => this.#seen(change)));
  }

  /** The order after the change; an image that is missing is read. */
  async #seen({ id, op, after, position }: Change): Promise<SeenOrder> {
    if (op === "delete" || after !== null) return { id, order: after, position };
    return readOrder(this.#parts.api, id);
  }

  /** Since when this agent, or whoever wrote the latest message, was last here; a first start has nothing to look for. */
  async #lookAgain(signal: AbortSignal): Promise<void> {
    const { messages, name, freshLook } = this.#parts;
    const own = (await messages.readers()).find((reader) => reader.name === name);
    const [latest] = await messages.page({ states: [], order: null, limit: 1, before: null });
    const seenAt = own?.seen_at ?? latest?.deeds[0]?.at;
    if (seenAt === undefined) return;
    await freshLook(new Date(Date.parse(seenAt) - MARGIN_MS).toISOString(), signal);
  }

  async #beginAt(after: Cursor): Promise<ApiResult<FeedPlace>> {
    await this.#save(after);
    return { ok: true, value: { statuses: STATUSES, after } };
  }

  async #save(cursor: Cursor): Promise<void> {
    const { messages, name, about } = this.#parts;
    await messages.savePlace(name, { cursor, ...about });
    this.#savedAtMs = performance.now();
  }
}
