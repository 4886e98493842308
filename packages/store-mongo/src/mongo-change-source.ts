import type { Change } from "@live-orders/protocol/change";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { ChangeSource, SourceEvent, StreamFailure } from "@live-orders/store/change-source";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { BrokenRows } from "./broken-rows.ts";
import { readChanges } from "./change-reading.ts";
import { ANSWER_WITHIN_MS, Deadline } from "./deadline.ts";
import type { LeftOut } from "./left-out.ts";
import { type Place, placeOf, positionOf } from "./mongo-position.ts";
import type { OrdersHome } from "./orders-home.ts";
import type { PrimaryWatch } from "./primary-watch.ts";
import type { StoreLogger } from "./store-logger.ts";
import { pauseUnless, StreamBackoff } from "./stream-backoff.ts";
import { classifyStreamFailure } from "./stream-failure.ts";

/** A row that breaks the table lacks images too: look no more often than this. */
const MEND_PAUSE_MS = 5000;

interface SourceParts {
  /** On a client of its own. */
  readonly home: OrdersHome;
  readonly primary: PrimaryWatch;
  readonly leftOut: LeftOut;
  readonly broken: BrokenRows;
  readonly logger: StoreLogger;
}

/** Where the feed stands. */
interface Standing {
  readonly generation: string;
  place: Place;
}

/**
 * The process's one change stream, supervised. It knows by itself where it stands, and reopens the stream there; what a
 * failure costs is decided by its class alone. Before each opening it makes sure that the collection is still the one
 * that it has told of.
 */
export class MongoChangeSource implements ChangeSource {
  readonly #parts: SourceParts;
  readonly #backoff = new StreamBackoff();
  #standing: Standing | null = null;
  /** What the next opening has to say first. */
  #lost: ResetReason | null = null;
  /** Not before, by `performance.now()`. */
  #mendAt = 0;
  #mending: NodeJS.Timeout | undefined;

  constructor(parts: SourceParts) {
    this.#parts = parts;
  }

  async *events(signal: AbortSignal): AsyncGenerator<SourceEvent, void, undefined> {
    try {
      yield* this.#supervised(signal);
    } finally {
      clearTimeout(this.#mending);
    }
  }

  async *#supervised(signal: AbortSignal): AsyncGenerator<SourceEvent, void, undefined> {
    while (!signal.aborted) {
      try {
        yield* this.#stand();
        yield* this.#follow(signal);
      } catch (error) {
        if (hasEnded(signal)) return;
        const cause = this.#takeIn(error);
        const retryInMs = this.#backoff.next();
        this.#parts.logger.warn({ err: error, cause, retryInMs }, "The change stream ended");
        yield { kind: "down", cause, detail: detailOf(error), retryInMs };
        await pauseUnless(signal, retryInMs);
      }
    }
  }

  /** Finds out where the feed goes on, and says so if that is not where it was. */
  async *#stand(): AsyncGenerator<SourceEvent, void, undefined> {
    const { home, broken } = this.#parts;
    const generation = await home.setUp();
    const standing = this.#standing;
    if (standing !== null && standing.generation !== generation) this.#lost = "collection-gone";
    if (standing !== null && this.#lost === null) return;
    // A new primary may not know at once how far the old one had come.
    if (standing !== null) home.saw(standing.place.time);
    broken.suspect();
    const at = await home.now(new Deadline(ANSWER_WITHIN_MS));
    const reason = this.#lost;
    this.#standing = standingAt(at);
    this.#lost = null;
    yield reason === null || standing === null ? { kind: "opened", at } : { kind: "reset", reason, at };
  }

  async *#follow(signal: AbortSignal): AsyncGenerator<SourceEvent, void, undefined> {
    const { home, leftOut, broken, primary } = this.#parts;
    const standing = this.#standing;
    if (standing === null) return;
    const readings = readChanges({
      db: home.db,
      from: standing.place,
      signal: primary.whileSame(signal),
      onLeftOut: (why, place) => {
        leftOut.count(why, positionOf(place));
        broken.suspect();
      },
    });
    for await (const reading of readings) {
      if (reading.kind === "gone") {
        this.#lost = "collection-gone";
        return;
      }
      this.#backoff.reset();
      standing.place = reading.place;
      if (reading.changes.some(lacksImage)) this.#meetMissingImage();
      yield { kind: "batch", changes: reading.changes, position: positionOf(reading.place) };
    }
  }

  /** The row may break the table, or another program may have switched the images off. */
  #meetMissingImage(): void {
    this.#parts.broken.suspect();
    if (this.#mending !== undefined) return;
    const dueInMs = Math.max(0, this.#mendAt - performance.now());
    this.#mendAt = performance.now() + dueInMs + MEND_PAUSE_MS;
    this.#mending = setTimeout(() => this.#mend(), dueInMs).unref();
  }

  #mend(): void {
    this.#mending = undefined;
    const { home, logger } = this.#parts;
    home.setUp().catch((error: unknown) => logger.warn({ err: error }, "The images were not checked"));
  }

  /** What a failure changes about the next opening. */
  #takeIn(error: unknown): StreamFailure {
    const cause = classifyStreamFailure(error);
    // What is too large for a stream lies in the way of all that follows.
    if (cause === "history-lost" || cause === "too-large") this.#lost = "history-lost";
    return cause;
  }
}

function standingAt({ generation, position }: CursorParts): Standing {
  const place = placeOf(position);
  if (place === null) throw new TypeError(`not a position: ${position}`);
  return { generation, place };
}

/** It may have changed since the loop began. */
const hasEnded = (signal: AbortSignal): boolean => signal.aborted;

const lacksImage = ({ op, before, after }: Change): boolean =>
  (before === null && op !== "insert") || (after === null && op !== "delete");

const detailOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
