import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";
import type { LoggedChange } from "./databases/tested-database.ts";
import { orderText } from "./order-text.ts";

/** A write that was acknowledged: by its mark, which no other write carries, or as a removal. */
export type Acknowledged =
  | { readonly kind: "marked"; readonly id: number; readonly mark: string }
  | { readonly kind: "removed"; readonly id: number };

/** What a reader was handed. */
export interface ReaderRecord {
  readonly name: string;
  readonly statuses: readonly Status[];
  /** In the order of their arrival. */
  readonly changes: readonly (LoggedChange & { readonly position: string })[];
  readonly shown: ReadonlySet<string>;
  /** Told to start afresh: it need not have been handed everything. */
  readonly resets: number;
}

export interface AuditInput {
  /** The table when the log began. */
  readonly before: ReadonlyMap<number, Order>;
  /** The database's own account, each order's changes in the order of their commits. */
  readonly log: readonly LoggedChange[];
  readonly acknowledged: readonly Acknowledged[];
  readonly readers: readonly ReaderRecord[];
}

/** All of them are 0 where what is promised holds. */
export interface Verdict {
  /** Acknowledged writes that the database does not know. */
  lostWrites: number;
  /** Marks that were brought in by more than one change: a request that was carried out twice. */
  writtenTwice: number;
  /** Changes that a reader of its rooms was not handed. */
  lost: number;
  /** Changes that a reader was handed more than once. */
  twice: number;
  /** Changes that a reader was handed after a later one of the same order, or below a position that it had. */
  outOfOrder: number;
  /** Changes and rows that a reader was shown and that never were. */
  neverWere: number;
  /** The first few, in words. */
  readonly examples: string[];
}

const MAX_EXAMPLES = 5;
/** What the product's name of a marked write begins with: no two writes have the same. */
export const MARK = "mark ";

/** Compares what the readers were handed with the database's own account. Pure; knows nothing of the product. */
export function audit({ before, log, acknowledged, readers }: AuditInput): Verdict {
  const verdict: Verdict = {
    lostWrites: 0,
    writtenTwice: 0,
    lost: 0,
    twice: 0,
    outOfOrder: 0,
    neverWere: 0,
    examples: [],
  };
  auditWrites(log, acknowledged, verdict);
  const states = new Set([...before.values()].map(orderText));
  for (const { after } of log) if (after !== null) states.add(orderText(after));
  for (const reader of readers) {
    auditChanges(reader, log, verdict);
    for (const state of reader.shown) if (!states.has(state)) count(verdict, "neverWere", reader.name, state);
  }
  return verdict;
}

type Finding = Exclude<keyof Verdict, "examples">;

function count(verdict: Verdict, what: Finding, who: string, detail: string): void {
  verdict[what] += 1;
  if (verdict.examples.length < MAX_EXAMPLES) verdict.examples.push(`${what}: ${who}: ${detail}`);
}

function auditWrites(
  log: readonly LoggedChange[],
  acknowledged: readonly Acknowledged[],
  verdict: Verdict,
): void {
  const brought = new Map<string, number>();
  const removals = new Map<number, number>();
  for (const { op, id, before, after } of log) {
    if (op === "delete") removals.set(id, (removals.get(id) ?? 0) + 1);
    const mark = after?.product_name ?? "";
    if (mark.startsWith(MARK) && mark !== before?.product_name)
      brought.set(mark, (brought.get(mark) ?? 0) + 1);
  }
  for (const write of acknowledged) {
    if (write.kind === "marked") {
      if (!brought.has(write.mark)) count(verdict, "lostWrites", `order ${write.id}`, write.mark);
    } else {
      const left = removals.get(write.id) ?? 0;
      if (left === 0) count(verdict, "lostWrites", `order ${write.id}`, "its removal");
      removals.set(write.id, left - 1);
    }
  }
  for (const [mark, times] of brought)
    if (times > 1) count(verdict, "writtenTwice", "the database", `${mark}, ${times} times`);
}

/** Equal for equal changes. */
export const changeText = ({ op, id, before, after }: LoggedChange): string =>
  `${op} ${id} ${before === null ? "-" : orderText(before)} ${after === null ? "-" : orderText(after)}`;

function isWithin({ before, after }: LoggedChange, statuses: readonly Status[]): boolean {
  return [before, after].some((image) => image !== null && statuses.includes(image.status));
}

function auditChanges(reader: ReaderRecord, log: readonly LoggedChange[], verdict: Verdict): void {
  auditPositions(reader, verdict);
  const wanted = byOrder(log.filter((change) => isWithin(change, reader.statuses)));
  const handed = byOrder(reader.changes);
  for (const id of new Set([...wanted.keys(), ...handed.keys()]))
    auditOrder(reader, wanted.get(id) ?? [], handed.get(id) ?? [], verdict);
}

function auditPositions({ name, changes }: ReaderRecord, verdict: Verdict): void {
  let last = "";
  for (const { position } of changes) {
    if (position < last) count(verdict, "outOfOrder", name, `${position} after ${last}`);
    last = position;
  }
}

function byOrder(changes: readonly LoggedChange[]): Map<number, string[]> {
  const orders = new Map<number, string[]>();
  for (const change of changes) {
    const texts = orders.get(change.id) ?? [];
    texts.push(changeText(change));
    orders.set(change.id, texts);
  }
  return orders;
}

/** One order's changes: those that are wanted and those that were handed over, each in their order. */
function auditOrder(
  { name, resets }: ReaderRecord,
  wanted: readonly string[],
  handed: readonly string[],
  verdict: Verdict,
): void {
  const places = new Map(wanted.map((text, place) => [text, place]));
  const seen = new Set<string>();
  let last = -1;
  for (const text of handed) {
    const place = places.get(text);
    if (place === undefined) count(verdict, "neverWere", name, text);
    else if (seen.has(text)) count(verdict, "twice", name, text);
    else if (place < last) count(verdict, "outOfOrder", name, text);
    seen.add(text);
    last = Math.max(last, place ?? last);
  }
  if (resets > 0) return;
  for (const text of places.keys()) if (!seen.has(text)) count(verdict, "lost", name, text);
}
