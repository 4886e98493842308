import type { Change } from "@live-orders/protocol/change";
import { type AggregationCursor, type ClientSession, type Db, type Document, ReadPreference } from "mongodb";
import { changeEventOf, EVENT_PIPELINE } from "./change-event.ts";
import { ChangeNumbering } from "./change-numbering.ts";
import { completeAt, type Place } from "./mongo-position.ts";

export interface ReadingOptions {
  readonly db: Db;
  /** Everything up to here is known to the reader. */
  readonly from: Place;
  readonly signal: AbortSignal;
  readonly onLeftOut: (why: string, place: Place) => void;
}

export type Reading =
  | { readonly kind: "batch"; readonly changes: readonly Change[]; readonly place: Place }
  /** The last one: the collection is another one from here on. */
  | { readonly kind: "gone" };

/** The server answered nothing at all for this long, in ms. */
const SILENCE_MS = 8000;
/** How long the server holds a request that finds nothing. A change wakes it at once. */
const AWAIT_MS = 500;
const BATCH_CHANGES = 1000;
const BATCH_CHARACTERS = 1024 * 1024;

export class SilentStreamError extends Error {
  override readonly name = "SilentStreamError";
}

export class AbortedReadingError extends Error {
  override readonly name = "AbortedReadingError";
}

/**
 * One change stream, from a place on until it fails: batches of what has come, an empty one at least every second.
 *
 * It is a plain aggregation and not the driver's `ChangeStream`, which reopens itself once and may then read from
 * another server. An empty answer proves what it does only of the server that gave it: the operation time of the answer
 * before it (under read concern `majority` the server's commit point then) has been read past, since every request reads
 * from a commit point no older to the end. The answer's own operation time proves nothing: it may be later than what
 * was read. Holds for replica sets, not behind `mongos`.
 */
export async function* readChanges(options: ReadingOptions): AsyncGenerator<Reading, void, undefined> {
  const { db, from, signal } = options;
  const session = db.client.startSession();
  const cursor = openCursor(options, session);
  const numbering = new ChangeNumbering(from);
  try {
    while (!signal.aborted) {
      const known = session.operationTime;
      const first = await answerOf(cursor.tryNext(), signal);
      if (first !== null) {
        const { changes, gone } = await drain(first, cursor, numbering, options);
        yield { kind: "batch", changes, place: numbering.place };
        if (gone) return yield { kind: "gone" };
      } else {
        if (known) numbering.complete(completeAt(known));
        yield { kind: "batch", changes: [], place: numbering.place };
      }
    }
  } finally {
    // A server that does not answer must not hold up its reader; the driver's own limits end this.
    void cursor
      .close()
      .catch(() => undefined)
      .finally(() => session.endSession());
  }
}

function openCursor({ db, from }: ReadingOptions, session: ClientSession) {
  const images = { fullDocument: "whenAvailable", fullDocumentBeforeChange: "whenAvailable" };
  const pipeline = [{ $changeStream: { ...images, startAtOperationTime: from.time } }, ...EVENT_PIPELINE];
  return db.aggregate(pipeline, {
    session,
    batchSize: BATCH_CHANGES,
    maxAwaitTimeMS: AWAIT_MS,
    readConcern: { level: "majority" },
    readPreference: ReadPreference.primary,
  });
}

/** What the driver holds already, so that load makes batches and idleness makes none. */
async function drain(
  first: Document,
  cursor: AggregationCursor<Document>,
  numbering: ChangeNumbering,
  { onLeftOut }: ReadingOptions,
): Promise<{ changes: Change[]; gone: boolean }> {
  const changes: Change[] = [];
  let characters = 0;
  for (let document: Document | null = first; document !== null;) {
    const numbered = numbering.next(changeEventOf(document));
    if (numbered.kind === "gone") return { changes, gone: true };
    if (numbered.kind === "left-out") onLeftOut(numbered.why, numbering.place);
    if (numbered.kind === "change") {
      changes.push(numbered.change);
      characters += sizeOf(numbered.change);
    }
    const full = changes.length >= BATCH_CHANGES || characters >= BATCH_CHARACTERS;
    document = full || cursor.bufferedCount() === 0 ? null : await cursor.tryNext();
  }
  return { changes, gone: false };
}

/** About what its JSON takes. */
function sizeOf({ before, after }: Change): number {
  const names = [before, after].map((order) =>
    order ? order.customer_name.length + order.product_name.length + 150 : 4,
  );
  return names.reduce((sum, length) => sum + length, 150);
}

/** The answer, unless the silence gets too long or the reader has enough; what hangs then is ended by `close`. */
function answerOf<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new AbortedReadingError("The reader stopped"));
    const silence = (): void => reject(new SilentStreamError("The database stopped answering"));
    const timer = setTimeout(silence, SILENCE_MS);
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    });
  });
}
