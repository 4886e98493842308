import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Status } from "@live-orders/protocol/status";
import { decodeCursor, type CursorParts } from "@live-orders/store/cursor-parts";
import type { FakeDatabase } from "./fake-database.ts";
import type { Handed } from "./fake-subscriber.ts";

/** What a watch was asked for, and all that its subscriber was handed for it. */
export interface WatchRecord {
  readonly statuses: readonly Status[];
  readonly after: CursorParts | null;
  /** The database's position when it came. */
  readonly committed: string;
  /** How far the relay had been told then. */
  readonly told: string;
  readonly handed: readonly Handed[];
}

/**
 * Judges what readers were handed by the list of changes alone. It has its own idea of who sees what: a rule that the
 * project got wrong must not be right here because it is the same code.
 */
export class FeedOracle {
  readonly #db: FakeDatabase;

  constructor(db: FakeDatabase) {
    this.#db = db;
  }

  /** Throws on the first thing that is wrong. Returns the place of the reader at the end; null: it has none yet. */
  judge(watch: WatchRecord): CursorParts | null {
    const { statuses, handed } = watch;
    let place = watch.after;
    let answers = 0;
    for (const item of handed) {
      if (item.kind === "batch") {
        if (place === null) throw new Error("a batch before the watch had a place");
        place = this.#judgeBatch(statuses, place, item.encoded.decode());
      } else if (item.kind === "reset") {
        place = parse(item.reset.cursor);
      } else if (item.kind === "outcome") {
        answers += 1;
        if (answers > 1) throw new Error("two outcomes");
        place = this.#judgeOutcome(watch, place, item.outcome);
      }
    }
    return place;
  }

  /** The changes that a reader of these statuses must see between two positions of one generation. */
  between(statuses: readonly Status[], after: CursorParts, upTo: string): Change[] {
    return this.#db.changes.filter((change) => {
      if (this.#db.generationOf.get(change) !== after.generation) return false;
      if (change.position <= after.position || change.position > upTo) return false;
      const shown = [change.before, change.after].flatMap((image) => (image ? [image.status] : []));
      return shown.some((status) => statuses.includes(status));
    });
  }

  #judgeBatch(statuses: readonly Status[], place: CursorParts, batch: ChangeBatch): CursorParts {
    const now = parse(batch.cursor);
    if (now.position !== batch.position) throw new Error("cursor and position differ");
    this.#judgeStep(place, now);
    const expected = positions(this.between(statuses, place, batch.position));
    const got = positions(batch.changes);
    if (expected !== got) throw new Error(`from ${place.position}: [${expected}] expected, [${got}] handed`);
    return now;
  }

  #judgeOutcome(
    { statuses, committed, told }: WatchRecord,
    place: CursorParts | null,
    outcome: Extract<Handed, { kind: "outcome" }>["outcome"],
  ): CursorParts | null {
    if (outcome.kind !== "watching") return place;
    const now = parse(outcome.cursor);
    if (outcome.reset !== undefined) return now;
    if (place === null) {
      if (now.position < committed) throw new Error(`begins at ${now.position}, before ${committed}`);
      return now;
    }
    this.#judgeStep(place, now);
    if (now.position < told) throw new Error(`answered with ${now.position}, when ${told} was at hand`);
    const missed = positions(this.between(statuses, place, now.position));
    if (missed !== "") throw new Error(`answered with ${now.position} without [${missed}]`);
    return now;
  }

  #judgeStep(from: CursorParts, to: CursorParts): void {
    if (from.generation !== to.generation) throw new Error("another generation without a reset");
    if (to.position < from.position) throw new Error(`back from ${from.position} to ${to.position}`);
  }
}

const positions = (changes: readonly Change[]): string => changes.map(({ position }) => position).join();

function parse(cursor: string): CursorParts {
  const parts = decodeCursor(cursor);
  if (!parts) throw new Error(`${cursor} is no cursor`);
  return parts;
}
