import { describeError } from "@live-orders/client/api-error";
import type { Clock } from "@live-orders/client/clock";
import type { LiveOrders } from "@live-orders/client/live-orders";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import type { ActivityRange, ActivityTimes } from "@live-orders/protocol/http-activity";
import type { Position } from "@live-orders/protocol/position";

export interface TimesState {
  /** The last that could be read; null before the first. */
  readonly times: ActivityTimes | null;
  /** Why it could not be read; it is asked for again. */
  readonly error: string | null;
}

interface LiveTimesParts {
  readonly range: ActivityRange;
  readonly api: Pick<OrdersApi, "activityTimes">;
  readonly live: Pick<LiveOrders, "follow">;
  readonly clock: Clock;
}

/**
 * In milliseconds: how soon after an arrival, and how often at most, it is asked; how soon again for an answer that does
 * not have the arrival yet, or that failed; and how often in any case, for the range moves on.
 */
const PACE = { soon: 400, most: 5000, behind: 600, failed: 3000, least: 60_000 };

const isArrival = ({ before, after }: Change): boolean =>
  after !== null && after.status !== "pending" && before?.status !== after.status;

/**
 * How long orders take, kept up to date: a median cannot be brought forward by the feed, which does not tell since when
 * an order was pending. So the server is asked again when orders have arrived.
 */
export class LiveTimes {
  readonly #parts: LiveTimesParts;
  readonly #listeners = new Set<() => void>();
  #state: TimesState = { times: null, error: null };
  #arrived: Position = "";
  #askedAt = -Infinity;
  #dueAt = Infinity;
  #cancel: () => void = () => undefined;
  #reading = new AbortController();

  constructor(parts: LiveTimesParts) {
    this.#parts = parts;
  }

  /** The same object until it changes. */
  state(): TimesState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads and listens until the answer is called. */
  start(): () => void {
    const { live, clock } = this.#parts;
    const end = live.follow(({ changes }) => {
      const last = changes.findLast(isArrival);
      if (last === undefined) return;
      this.#arrived = last.position;
      this.#readAt(Math.max(clock.now() + PACE.soon, this.#askedAt + PACE.most));
    });
    this.#dueAt = Infinity;
    this.#read();
    return () => {
      end();
      this.#cancel();
      this.#reading.abort();
    };
  }

  #read(): void {
    const { api, range, clock } = this.#parts;
    this.#dueAt = Infinity;
    this.#askedAt = clock.now();
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#readAt(clock.now() + PACE.least);
    void api.activityTimes(range, { signal: reading.signal }).then((answer) => {
      if (reading.signal.aborted) return;
      if (!answer.ok) {
        this.#set({ ...this.#state, error: describeError(answer.error) });
        this.#readAt(clock.now() + PACE.failed);
        return;
      }
      this.#set({ times: answer.value, error: null });
      const { position } = answer.value;
      if (position !== null && position < this.#arrived) this.#readAt(clock.now() + PACE.behind);
    });
  }

  /** Or when it is due before. */
  #readAt(atMs: number): void {
    if (atMs >= this.#dueAt) return;
    this.#dueAt = atMs;
    this.#cancel();
    const { clock } = this.#parts;
    this.#cancel = clock.after(Math.max(0, atMs - clock.now()), () => {
      this.#read();
    });
  }

  #set(state: TimesState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
