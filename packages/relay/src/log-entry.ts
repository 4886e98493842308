import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { encodeCursor, type CursorParts } from "@live-orders/store/cursor-parts";
import { EncodedBatch } from "./encoded-batch.ts";

/** A change on its way to its readers: its JSON text is made once, whatever the number of rooms, pages and readers. */
export class LogEntry {
  readonly change: Change;
  /** About how many bytes its JSON text has in UTF-8. */
  readonly bytes: number;
  #json: string | undefined;

  constructor(change: Change) {
    this.change = change;
    this.bytes = 160 + change.position.length + imageBytes(change.before) + imageBytes(change.after);
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.change);
    return this.#json;
  }
}

function imageBytes(image: Order | null): number {
  if (image === null) return 0;
  return 130 + Buffer.byteLength(image.customer_name) + Buffer.byteLength(image.product_name);
}

/** The batch that tells a reader of these changes that it has seen everything up to `at`. */
export function batchOf(entries: readonly LogEntry[], at: CursorParts): EncodedBatch {
  const place = { position: at.position, cursor: encodeCursor(at) };
  return new EncodedBatch({ changes: entries.map(({ change }) => change), ...place }, () => {
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
      yield { entries, bytes, upTo: { generation: at.generation, position: last.change.position } };
      entries = [];
      bytes = 0;
    }
    entries.push(entry);
    bytes += entry.bytes;
  }
  yield { entries, bytes, upTo: at };
}
