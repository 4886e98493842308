import { type ApiError, type ApiResult } from "@live-orders/client/api-error";
import { backOffDelay } from "@live-orders/client/back-off";
import type { Clock } from "@live-orders/client/clock";
import type { LiveOrders, RowId } from "@live-orders/client/live-orders";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import type { OrderHistoryPage } from "@live-orders/protocol/http-history";
import type { Position } from "@live-orders/protocol/position";
import { STATUSES } from "@live-orders/protocol/status";
import { onFeedBeginnings } from "../live/feed-beginnings.ts";

/** All changes of one order that are known, as it stands. */
export interface StoryState {
  /** The newest first. For as long as the history is behind the feed, some between them may be missing. */
  readonly changes: readonly Change[];
  readonly head: StoryHead;
  readonly older: OlderPages;
}

type StoryHead =
  | { readonly kind: "reading" }
  /** It is asked for again. */
  | { readonly kind: "failed"; readonly error: ApiError }
  /** The server keeps no history: only what happens while it is open is known. */
  | { readonly kind: "off" }
  /** RFC 3339: of what was before, some may be missing. */
  | { readonly kind: "kept"; readonly since: string };

type OlderPages =
  { readonly kind: "none" | "more" | "reading" } | { readonly kind: "failed"; readonly error: ApiError };

interface StoryParts {
  readonly id: RowId;
  readonly api: Pick<OrdersApi, "history">;
  readonly live: Pick<LiveOrders, "follow" | "position" | "status" | "subscribeStatus">;
  readonly clock: Clock;
}

const PAGE = 50;
/** Changes that are held; past it only the newest page is. */
const MAX_CHANGES = 1000;
/** In milliseconds: until the history has what the feed had handed over before; and where no feed tells of the order. */
const PACE = { behind: 500, unwatched: 3000 };
const BACK_OFF = { base: 500, cap: 10_000 };

/**
 * The history of one order, live: its newest page, older ones as they are asked for, and what the feed brings.
 *
 * A change is known by its position, whoever brought it. The feed tells only of what comes after it was listened to, and
 * after each change of statuses or reset; so the newest page is read until it reaches that place.
 */
export class OrderStory {
  readonly #parts: StoryParts;
  readonly #listeners = new Set<() => void>();
  #state: StoryState = { changes: [], head: { kind: "reading" }, older: { kind: "none" } };
  #next: string | null = null;
  /** What is held is whole from its oldest change up to here. */
  #wholeTo: Position | null = null;
  /** The history must reach up to here: the feed does not tell of what was before. */
  #floor: Position | null = null;
  #failures = 0;
  #running = new AbortController();
  #reading = new AbortController();
  #cancelNext: () => void = () => undefined;

  constructor(parts: StoryParts) {
    this.#parts = parts;
  }

  /** The same object until it changes. */
  state(): StoryState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads and listens until the answer is called. */
  start(): () => void {
    const { live, id } = this.#parts;
    const running = new AbortController();
    this.#running = running;
    const ends = [
      live.follow(({ changes }) => {
        const own = changes.filter((change) => change.id === id);
        if (own.length > 0) this.#take(own);
      }),
      // Each leaves a gap, which the history fills.
      onFeedBeginnings(live, (from) => {
        this.#floor = from;
        this.#readHead();
      }),
    ];
    return () => {
      running.abort();
      this.#reading.abort();
      this.#cancelNext();
      for (const end of ends) end();
    };
  }

  /** Asks again at once. */
  again(): void {
    this.#readHead();
  }

  /** Reads the next older page. */
  async more(): Promise<void> {
    const after = this.#next;
    if (after === null || this.#state.older.kind === "reading") return;
    this.#set({ older: { kind: "reading" } });
    const { api, id } = this.#parts;
    const answer = await api.history(id, { limit: PAGE, after }, { signal: this.#running.signal });
    if (this.#running.signal.aborted || after !== this.#next) return;
    if (!answer.ok) {
      this.#set({ older: { kind: "failed", error: answer.error } });
      return;
    }
    this.#next = answer.value.next;
    this.#set({ changes: merged(this.#state.changes, answer.value.changes), older: this.#older() });
  }

  #readHead(): void {
    this.#cancelNext();
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    const { api, id } = this.#parts;
    void api.history(id, { limit: PAGE }, { signal: reading.signal }).then((answer) => {
      if (!reading.signal.aborted) this.#takeHead(answer);
    });
  }

  #takeHead(answer: ApiResult<OrderHistoryPage>): void {
    if (!answer.ok) {
      this.#failures += 1;
      this.#set({ head: { kind: "failed", error: answer.error } });
      this.#readAfter(backOffDelay(BACK_OFF, this.#failures, 0.5));
      return;
    }
    this.#failures = 0;
    const { changes, next, position, since } = answer.value;
    if (position === null || since === null) {
      this.#set({ head: { kind: "off" } });
      return;
    }
    const oldest = changes.at(-1)?.position ?? position;
    const isJoined = this.#wholeTo !== null && oldest <= this.#wholeTo;
    if (!isJoined || next === null) this.#next = next;
    this.#wholeTo = position;
    const held = isJoined ? this.#state.changes : this.#state.changes.filter((one) => one.position > oldest);
    this.#set({ changes: merged(held, changes), head: { kind: "kept", since }, older: this.#older() });
    if (this.#floor !== null && position < this.#floor) this.#readAfter(PACE.behind);
    else if (!this.#isWatched()) this.#readAfter(PACE.unwatched);
  }

  #take(changes: readonly Change[]): void {
    this.#set({ changes: merged(this.#state.changes, changes) });
    if (this.#state.changes.length > MAX_CHANGES) this.#shorten();
    else if (!this.#isWatched() && this.#state.head.kind === "kept") this.#readAfter(PACE.unwatched);
  }

  /** Holds the newest alone; the history tells again what is behind them. */
  #shorten(): void {
    const changes = this.#state.changes.slice(0, PAGE);
    this.#wholeTo = null;
    this.#next = null;
    this.#floor = changes.at(-1)?.position ?? this.#floor;
    this.#set({ changes, older: this.#older() });
    if (this.#state.head.kind === "kept") this.#readHead();
  }

  /** Whether the feed will tell what becomes of the order. */
  #isWatched(): boolean {
    const { statuses } = this.#parts.live.status();
    const [last] = this.#state.changes;
    const status = last?.after?.status;
    return statuses.length === STATUSES.length || (status !== undefined && statuses.includes(status));
  }

  #readAfter(ms: number): void {
    this.#cancelNext();
    this.#cancelNext = this.#parts.clock.after(ms, () => {
      this.#readHead();
    });
  }

  #older(): OlderPages {
    return { kind: this.#next === null ? "none" : "more" };
  }

  #set(change: Partial<StoryState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Both, each change once, the newest first. */
function merged(some: readonly Change[], others: readonly Change[]): Change[] {
  const byPosition = new Map([...some, ...others].map((change) => [change.position, change]));
  return [...byPosition.values()].sort((a, b) => (a.position < b.position ? 1 : -1));
}
