import type { Change } from "@live-orders/protocol/change";
import { laterPosition, type Position } from "@live-orders/protocol/position";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import {
  type ActivityRange,
  type ActivityReading,
  type ArrivalsReading,
  type Reach,
  reachOf,
} from "@live-orders/store/order-activity";
import type { KeptHistory, HistoryPage } from "@live-orders/store/order-history";
import { type ClientSession, Timestamp } from "mongodb";
import { readNewest, readRows, readRowsOf } from "./archived-changes.ts";
import { findLimit, readArrivals, type RowSpan, sumSteps } from "./activity-sums.ts";
import { type ArchiveState, readState } from "./archive-state.ts";
import { answerInTime, type Deadline } from "./deadline.ts";
import { completeAt, placeOf, positionOf } from "./mongo-position.ts";
import type { OrdersHome } from "./orders-home.ts";

type Span = NonNullable<ArchiveState["span"]>;

/** What the history has after a place. */
export type ArchivedPage =
  | { readonly kind: "page"; readonly changes: readonly Change[]; readonly position: string }
  /** The place is where the history ends, or later. */
  | { readonly kind: "end" }
  | { readonly kind: "lost" };

const PAGE_ROWS = 1000;

/**
 * Reads the durable history. The rows lie between two looks at where it begins and ends, in one session: what ends
 * before the first was there when they were read, and what begins after the second was not taken away yet.
 */
export class ArchiveReader {
  readonly #home: OrdersHome;

  constructor(home: OrdersHome) {
    this.#home = home;
  }

  after(place: CursorParts): Promise<ArchivedPage> {
    return this.#read(async (span, how) => {
      if (!reachesBack(span, place)) return { kind: "lost" };
      const { recordedTo } = span;
      if (place.position >= recordedTo) return { kind: "end" };
      const range = { after: place.position, upTo: recordedTo };
      const changes = await readRows(this.#home.db, place.generation, range, { ...how, limit: PAGE_ROWS });
      if (!reachesBack(await how.look(), place)) return { kind: "lost" };
      const last = changes.length === PAGE_ROWS ? changes.at(-1) : undefined;
      return { kind: "page", changes, position: last?.position ?? recordedTo };
    });
  }

  /** The newest first; null if there is no history. */
  of(id: number, { limit, before }: HistoryPage): Promise<{ changes: Change[]; kept: KeptHistory } | null> {
    return this.#read(async (span, how) => {
      if (span === null) return null;
      const { generation, recordedTo } = span;
      const range = { id, upTo: recordedTo, before };
      const changes = await readRowsOf(this.#home.db, generation, range, { ...how, limit });
      const later = await how.look();
      if (later?.generation !== generation) return null;
      const since = new Date(wholeSinceMs(later.from)).toISOString();
      return { changes, kept: { since, position: recordedTo } };
    });
  }

  /** What happened to all orders; null if there is no history. */
  activity(range: ActivityRange, newest: number): Promise<ActivityReading | null> {
    return this.#reaching(range, async (rows, how) => ({
      steps: await sumSteps(this.#home.db, rows, range, how),
      newest: await readNewest(this.#home.db, rows.generation, rows.upTo, { ...how, limit: newest }),
      limitMs: null,
    }));
  }

  /** How long the newest orders took that arrived; null if there is no history. */
  arrivals(range: ActivityRange, most: number): Promise<ArrivalsReading | null> {
    return this.#reaching(range, (rows, how) =>
      readArrivals(this.#home.db, rows, range, { ...how, limit: most }),
    );
  }

  /** Null if there is no history. */
  placeBefore(ms: number): Promise<Reach | null> {
    return this.#read((span) => {
      if (span === null) return Promise.resolve(null);
      const position = laterPosition(span.from, aroundMs(ms));
      const reach = reachOf({ fromMs: ms }, { historyMs: wholeSinceMs(span.from), limitMs: null });
      return Promise.resolve({ ...reach, at: { generation: span.generation, position } });
    });
  }

  /** Reads those of the range's rows that are whole, and no more than it allows; says how far that reaches. */
  #reaching<T>(
    range: ActivityRange,
    read: (rows: RowSpan, how: Reading) => Promise<T & { readonly limitMs: number | null }>,
  ) {
    return this.#read(async (span, how) => {
      if (span === null) return null;
      const { generation, recordedTo } = span;
      const asked = { generation, after: laterPosition(span.from, aroundMs(range.fromMs)), upTo: recordedTo };
      const limit = await findLimit(this.#home.db, asked, range, how);
      const rows = limit === null ? asked : { ...asked, after: limit.position };
      const { limitMs, ...found } = await read(rows, how);
      const later = await how.look();
      if (later?.generation !== generation) return null;
      const reach = reachOf(range, {
        historyMs: wholeSinceMs(later.from),
        limitMs: limitMs ?? limit?.atMs ?? null,
      });
      return { ...found, ...reach, at: { generation, position: recordedTo } };
    });
  }

  #read<T>(read: (span: Span | null, how: Reading) => Promise<T>): Promise<T> {
    const { db, client } = this.#home;
    return answerInTime(async (deadline) => {
      const session = client.startSession({ causalConsistency: true });
      const look = async () => (await readState(db, deadline, session))?.span ?? null;
      try {
        return await read(await look(), { session, deadline, look });
      } finally {
        await session.endSession();
      }
    });
  }
}

interface Reading {
  readonly session: ClientSession;
  readonly deadline: Deadline;
  /** Where the history begins and ends now. */
  look(): Promise<Span | null>;
}

const reachesBack = (span: Span | null, { generation, position }: CursorParts): span is Span =>
  span !== null && span.generation === generation && span.from <= position;

/** A position tells a second; some of its changes may come before it. */
function wholeSinceMs(from: string): number {
  const place = placeOf(from);
  if (place === null) throw new TypeError(`not a position: ${from}`);
  return (place.time.getHighBitsUnsigned() + 1) * 1000;
}

/** In seconds: a change's position and its `at` may tell different ones. */
const SLACK_S = 60;

/** Before all changes of an instant. */
const aroundMs = (ms: number): Position =>
  positionOf(completeAt(new Timestamp({ t: Math.max(0, Math.floor(ms / 1000) - SLACK_S), i: 0 })));
