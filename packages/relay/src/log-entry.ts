import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { SeenChange } from "@live-orders/protocol/room";
import type { Status } from "@live-orders/protocol/status";
import { encodeCursor, type CursorParts } from "@live-orders/store/cursor-parts";
import { EncodedBatch } from "./encoded-batch.ts";

/** One object for each status, whatever the number of changes. */
const IMAGES: Readonly<Record<Status, Pick<Order, "status">>> = {
  pending: { status: "pending" },
  shipped: { status: "shipped" },
  delivered: { status: "delivered" },
};

/**
 * A change on its way to its readers: its JSON text, made once whatever the number of rooms, pages and readers, and
 * what says who sees it. The change itself is not kept: a log of texts is a third of the memory, and the collector
 * has nothing to walk in a text.
 */
export class LogEntry implements SeenChange {
  readonly position: Position;
  readonly op: Change["op"];
  readonly before: SeenChange["before"];
  readonly after: SeenChange["after"];
  readonly json: string;
  /** How many bytes its JSON text has in UTF-8. */
  readonly bytes: number;

  constructor(change: Change) {
    this.position = change.position;
    this.op = change.op;
    this.before = change.before && IMAGES[change.before.status];
    this.after = change.after && IMAGES[change.after.status];
    this.json = JSON.stringify(change);
    this.bytes = Buffer.byteLength(this.json);
  }
}

/** The batch that tells a reader of these changes that it has seen everything up to `at`. */
export function batchOf(entries: readonly LogEntry[], at: CursorParts): EncodedBatch {
  const place = { position: at.position, cursor: encodeCursor(at) };
  return new EncodedBatch(place, entries, () => {
    const changes = entries.map(({ json }) => json).join(",");
    return `{"changes":[${changes}],${JSON.stringify(place).slice(1)}`;
  });
}

/** A run of consecutive changes: everything after the run before it and up to `upTo`. */
export interface Run {
  readonly entries: readonly LogEntry[];
  readonly bytes: number;
  readonly upTo: CursorParts;
}

/** Cuts a batch into runs of a bounded size. One change may be larger than `maxBytes`; it is a run of its own. */
export function* cutIntoRuns(
  changes: readonly Change[],
  at: CursorParts,
  limits: { readonly maxChanges: number; readonly maxBytes: number },
): Generator<Run> {
  let entries: LogEntry[] = [];
  let bytes = 0;
  for (const change of changes) {
    const entry = new LogEntry(change);
    const last = entries.at(-1);
    if (last && (entries.length >= limits.maxChanges || bytes + entry.bytes > limits.maxBytes)) {
      yield { entries, bytes, upTo: { generation: at.generation, position: last.position } };
      entries = [];
      bytes = 0;
    }
    entries.push(entry);
    bytes += entry.bytes;
  }
  yield { entries, bytes, upTo: at };
}
