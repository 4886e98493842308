import type { ApiError, ApiResult } from "@live-orders/client/api-error";
import { backOffDelay } from "@live-orders/client/back-off";
import type { Clock } from "@live-orders/client/clock";
import type { LiveOrders } from "@live-orders/client/live-orders";
import type { OrdersApi } from "@live-orders/client/orders-api";
import { ActivitySeries } from "@live-orders/protocol/activity-series";
import type { Change } from "@live-orders/protocol/change";
import {
  ACTIVITY_LIMITS,
  ACTIVITY_RANGES,
  type Activity,
  type ActivityCut,
  type ActivityRange,
  type ActivityStep,
} from "@live-orders/protocol/http-activity";
import type { Position } from "@live-orders/protocol/position";
import { onFeedBeginnings } from "../live/feed-beginnings.ts";

/** What happened to all orders, as it stands. */
export type ActivityState =
  | { readonly kind: "reading" }
  /** It is asked for again. */
  | { readonly kind: "failed"; readonly error: ApiError }
  | {
      readonly kind: "known";
      /** RFC 3339: all changes from here on are counted. */
      readonly since: string;
      readonly cut: ActivityCut | null;
      readonly steps: readonly ActivityStep[];
      /** The newest first. */
      readonly newest: readonly Change[];
    };

interface ActivityFeedParts {
  readonly range: ActivityRange;
  readonly api: Pick<OrdersApi, "activity">;
  readonly live: Pick<LiveOrders, "follow" | "position" | "status" | "subscribeStatus" | "serverNow">;
  readonly clock: Clock;
}

/** Changes that wait while the answer is on its way; past it they are let go, and the answer is asked for again. */
const MAX_WAITING = 20_000;
/** In milliseconds: how often listeners are told at most; the clock; until an answer that was too old is asked for again. */
const PACE = { tell: 250, tick: 1000, behind: 600 };
const BACK_OFF = { base: 500, cap: 10_000 };

/**
 * The activity of a range, live: the server's answer, brought forward by the feed that the page has anyway.
 *
 * The answer says up to which position it goes, so each change counts once, whoever brings it first. Where the feed
 * begins anew (a reset, other statuses) it may have left changes out, and the answer is asked for again.
 */
export class ActivityFeed {
  readonly #parts: ActivityFeedParts;
  readonly #listeners = new Set<() => void>();
  #state: ActivityState = { kind: "reading" };
  #reach: Pick<Activity, "since" | "cut"> | null = null;
  #series: ActivitySeries | null = null;
  /** Every change up to here is counted. */
  #position: Position = "";
  #newest: Change[] = [];
  /** What the feed brought since the answer was asked for; null: no answer is on its way. */
  #waiting: Change[] | null = null;
  /** The answer must reach up to here: the feed does not tell of what was before. */
  #floor: Position | null = null;
  #failures = 0;
  #reading = new AbortController();
  #cancelRead: () => void = () => undefined;
  #cancelTell: (() => void) | null = null;
  #told = -Infinity;

  constructor(parts: ActivityFeedParts) {
    this.#parts = parts;
  }

  /** The same object until it changes. */
  state(): ActivityState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads and listens until the answer is called. */
  start(): () => void {
    const { live, clock } = this.#parts;
    const ends = [
      live.follow(({ changes }) => {
        this.#take(changes);
      }),
      // Each leaves a gap, which a new answer fills.
      onFeedBeginnings(live, (from) => {
        this.#floor = from;
        this.#read();
      }),
    ];
    let cancelTick: () => void = () => undefined;
    const tick = () => {
      if (this.#series?.reach(live.serverNow()) === true) this.#changed();
      cancelTick = clock.after(PACE.tick, tick);
    };
    tick();
    return () => {
      this.#reading.abort();
      this.#waiting = null;
      this.#cancelRead();
      this.#cancelTell?.();
      this.#cancelTell = null;
      cancelTick();
      for (const end of ends) end();
    };
  }

  /** Asks again at once. */
  again(): void {
    this.#read();
  }

  #read(): void {
    this.#cancelRead();
    this.#reading.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#waiting = [];
    const { api, range } = this.#parts;
    void api.activity(range, { signal: reading.signal }).then((answer) => {
      if (!reading.signal.aborted) this.#answered(answer);
    });
  }

  #answered(result: ApiResult<Activity>): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (!result.ok) {
      this.#failures += 1;
      // What is known stays: it goes on by the feed.
      if (this.#series === null) this.#set({ kind: "failed", error: result.error });
      this.#readAfter(backOffDelay(BACK_OFF, this.#failures, 0.5));
      return;
    }
    this.#failures = 0;
    const answer = result.value;
    const { step, steps: most } = ACTIVITY_RANGES[answer.range];
    if (waiting === null || (this.#floor !== null && answer.position < this.#floor)) {
      this.#readAfter(PACE.behind);
      return;
    }
    this.#reach = answer;
    this.#position = answer.position;
    this.#series = new ActivitySeries({ stepMs: step * 1000, most, steps: answer.steps });
    this.#newest = [...answer.newest];
    this.#add(waiting);
    this.#series.reach(this.#parts.live.serverNow());
    this.#tell();
  }

  #take(changes: readonly Change[]): void {
    if (this.#waiting !== null) {
      this.#waiting.push(...changes);
      if (this.#waiting.length > MAX_WAITING) this.#read();
    }
    this.#add(changes);
    if (changes.length > 0) this.#changed();
  }

  #add(changes: readonly Change[]): void {
    if (this.#series === null) return;
    const later = changes.filter(({ position }) => position > this.#position);
    for (const change of later) this.#series.take(change);
    this.#position = later.at(-1)?.position ?? this.#position;
    const newest = later.slice(-ACTIVITY_LIMITS.newest).reverse();
    this.#newest = [...newest, ...this.#newest].slice(0, ACTIVITY_LIMITS.newest);
  }

  #readAfter(ms: number): void {
    this.#cancelRead();
    this.#cancelRead = this.#parts.clock.after(ms, () => {
      this.#read();
    });
  }

  /** At once after a rest, else as often as is good for the eye. */
  #changed(): void {
    if (this.#cancelTell !== null || this.#series === null) return;
    const { clock } = this.#parts;
    const wait = this.#told + PACE.tell - clock.now();
    if (wait <= 0) this.#tell();
    else
      this.#cancelTell = clock.after(wait, () => {
        this.#tell();
      });
  }

  #tell(): void {
    this.#cancelTell?.();
    this.#cancelTell = null;
    if (this.#series === null || this.#reach === null) return;
    this.#told = this.#parts.clock.now();
    const { since, cut } = this.#reach;
    this.#set({ kind: "known", since, cut, steps: this.#series.steps(), newest: this.#newest });
  }

  #set(state: ActivityState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
