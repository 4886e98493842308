import { isSeenBy } from "@live-orders/protocol/room";
import type { Watch, WatchAck } from "@live-orders/protocol/socket-events";
import { describeError } from "./api-error.ts";
import { catchUp, type CatchUpEnd } from "./catch-up.ts";
import { pause, type Clock } from "./clock.ts";
import type { FeedTransportEvents } from "./feed-transport.ts";
import type { OrdersApi } from "./orders-api.ts";
import type { ChangesWord, Reached } from "./tab-word.ts";

export interface SharedWatchParts {
  readonly api: OrdersApi;
  readonly clock: Clock;
  readonly events: Pick<FeedTransportEvents, "changes" | "reset">;
  readonly lost: (cause: string) => void;
}

/** What is held while this tab catches up, in changes and words. Past it they are dropped, and read once more. */
const MAX_HELD = 5000;
/** Catching up in a row without meeting the reader, and the pause between, in milliseconds. */
const MAX_TRIES = 40;
const PAUSE = 250;

/**
 * One tab's watch over what the shared reader tells. It goes from position to position: a word that begins where the
 * tab stands, or before, takes it further; one that begins beyond shows that something is missing, and that is read from
 * the server. So nothing has to be agreed upon when a reader comes or goes. The first word that fits acknowledges it.
 */
export class SharedWatch {
  readonly #watch: Watch;
  readonly #parts: SharedWatchParts;
  readonly #stop = new AbortController();
  #done: ((ack: WatchAck) => void) | null;
  #reached: Reached | null = null;
  #replayed = 0;
  #tries = 0;
  #isReading = false;
  #held: ChangesWord[] = [];
  #heldSize = 0;

  constructor(watch: Watch, done: (ack: WatchAck) => void, parts: SharedWatchParts) {
    this.#watch = watch;
    this.#done = done;
    this.#parts = parts;
    void this.#read();
  }

  /** How far it has come; null while it is not known. */
  get reached(): Reached | null {
    return this.#reached;
  }

  get wantsCounts(): boolean {
    return this.#watch.counts === true;
  }

  take(word: ChangesWord): void {
    if (this.#stop.signal.aborted) return;
    if (this.#isReading || this.#reached === null) this.#hold(word);
    else if (word.from > this.#reached.position) {
      this.#hold(word);
      void this.#read();
    } else this.#advance(word, this.#reached);
  }

  /** Answers the watch with a refusal; whether it was still unanswered. */
  refuse(ack: WatchAck): boolean {
    const done = this.#done;
    this.stop();
    done?.(ack);
    return done !== null;
  }

  stop(): void {
    this.#stop.abort();
    this.#done = null;
  }

  #hold(word: ChangesWord): void {
    this.#heldSize += 1 + word.batch.changes.length;
    if (this.#heldSize > MAX_HELD) this.#dropHeld();
    else this.#held.push(word);
  }

  #dropHeld(): ChangesWord[] {
    const held = this.#held;
    this.#held = [];
    this.#heldSize = 0;
    return held;
  }

  #advance({ batch }: ChangesWord, from: Reached): void {
    this.#tries = 0;
    if (batch.position > from.position) {
      const { position, cursor } = batch;
      this.#reached = { position, cursor };
      const isNews = batch.changes.filter(
        (change) => change.position > from.position && isSeenBy(change, this.#watch.statuses),
      );
      this.#replayed += isNews.length;
      this.#parts.events.changes({ changes: isNews, position, cursor });
    }
    const done = this.#done;
    this.#done = null;
    if (!this.#stop.signal.aborted)
      done?.({ ok: true, ...(this.#reached ?? from), replayed: this.#replayed });
  }

  /** Reads what was missed up to now, and then what was held meanwhile. */
  async #read(): Promise<void> {
    const { api, clock, events } = this.#parts;
    const { signal } = this.#stop;
    this.#isReading = true;
    this.#tries += 1;
    // The first look back is at once: the reader may only just have come further.
    if (this.#tries > 2) await pause(clock, PAUSE, signal);
    const after = this.#reached?.cursor ?? this.#watch.after;
    const end = await catchUp({
      api,
      statuses: this.#watch.statuses,
      ...(after !== undefined && { after }),
      signal,
      take: (batch) => {
        this.#replayed += batch.changes.length;
        this.#reached = { position: batch.position, cursor: batch.cursor };
        events.changes(batch);
      },
    });
    if (!signal.aborted) this.#caughtUp(end);
  }

  #caughtUp(end: CatchUpEnd): void {
    switch (end.kind) {
      case "caught-up":
        this.#reached = { position: end.position, cursor: end.cursor };
        if (this.#tries > MAX_TRIES) {
          this.#parts.lost("this tab never got as far as the one that reads");
          return;
        }
        this.#isReading = false;
        for (const word of this.#dropHeld()) this.take(word);
        return;
      case "history-lost":
        this.#loseHistory(end);
        return;
      case "refused":
        if (!this.refuse({ ok: false, problem: end.problem })) this.#parts.lost(end.problem.title);
        return;
      case "failed":
        this.#parts.lost(describeError(end.error));
        return;
      case "aborted":
    }
  }

  #loseHistory({ position, cursor }: Reached): void {
    const reset = "history-lost";
    if (!this.refuse({ ok: true, position, cursor, replayed: 0, reset }))
      this.#parts.events.reset({ reason: reset, cursor });
  }
}
