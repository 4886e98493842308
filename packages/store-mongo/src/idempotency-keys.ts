import { orderSchema, type Order } from "@live-orders/protocol/order";
import { positionSchema, type Position } from "@live-orders/protocol/position";
import type { WriteResult } from "@live-orders/store/write-plan";
import { type ClientSession, type Collection, type Db, Timestamp } from "mongodb";
import { z } from "zod";
import { IDEMPOTENCY_KEYS } from "./collection-names.ts";
import type { Deadline } from "./deadline.ts";
import { writePosition } from "./mongo-position.ts";

/** A result whose place may be known only when its transaction has committed. */
const keptResultSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum(["written", "unchanged"]),
    order: orderSchema,
    /** A position, or the index of one of the transaction's changes: its position is that change's. */
    at: z.union([z.int(), positionSchema]),
    /** It was deleted: `order` is how it was. */
    deleted: z.boolean(),
  }),
  z.object({ kind: z.literal("not-found") }),
  z.object({ kind: z.literal("stale"), current: orderSchema.nullable() }),
]);
export type KeptResult = z.infer<typeof keptResultSchema>;

/** What is kept of a request with an `Idempotency-Key`, for 24 h. */
export interface KeyRecord {
  readonly key: string;
  readonly fingerprint: string;
  readonly results: readonly KeptResult[];
  /** When its transaction committed; null while that is not known, or if there was none. */
  readonly time: Timestamp | null;
  /** A time before the commit, to look for it from. */
  readonly since: Timestamp;
}

interface KeyDocument {
  _id: string;
  fingerprint: string;
  /** JSON. */
  results: string;
  since: Timestamp;
  /** The database's clock; the index that ends it after 24 h is on this. */
  at: Date;
  time?: Timestamp;
}

const documentSchema = z.object({
  _id: z.string(),
  fingerprint: z.string(),
  results: z.string(),
  since: z.instanceof(Timestamp),
  time: z.instanceof(Timestamp).optional(),
});

const MAJORITY = { w: "majority", journal: true, wtimeoutMS: 4000 } as const;

export class IdempotencyKeys {
  readonly #keys: Collection<KeyDocument>;

  constructor(db: Db) {
    this.#keys = db.collection(IDEMPOTENCY_KEYS);
  }

  /** Only what a majority has: an answer that was given must not be rolled back. */
  async find(key: string, deadline: Deadline): Promise<KeyRecord | null> {
    const options = { readConcern: { level: "majority" }, maxTimeMS: deadline.maxTimeMS() } as const;
    const found: unknown = await this.#keys.findOne({ _id: key }, options);
    if (found === null) return null;
    const { _id, results, time = null, ...rest } = documentSchema.parse(found);
    return { key: _id, results: z.array(keptResultSchema).parse(JSON.parse(results)), time, ...rest };
  }

  /** With a session: as part of its transaction. Fails with 11000 if the key stands. */
  async insert(record: Omit<KeyRecord, "time">, nowMs: number, session?: ClientSession): Promise<void> {
    const { key, fingerprint, results, since } = record;
    const document = { _id: key, fingerprint, results: JSON.stringify(results), since, at: new Date(nowMs) };
    await this.#keys.insertOne(document, session ? { session } : { writeConcern: MAJORITY });
  }

  async complete(key: string, time: Timestamp): Promise<void> {
    await this.#keys.updateOne({ _id: key }, { $set: { time } }, { writeConcern: MAJORITY });
  }
}

/** The answer, or null while a place in it is not known. */
export function placed(results: readonly KeptResult[], time: Timestamp | null): WriteResult[] | null {
  const answers: WriteResult[] = [];
  for (const result of results) {
    if (result.kind === "not-found" || result.kind === "stale") {
      answers.push(result);
      continue;
    }
    const { kind, order, at } = result;
    if (typeof at === "number" && time === null) return null;
    answers.push({ kind, order, position: positionAt(at, time) });
  }
  return answers;
}

function positionAt(at: number | Position, time: Timestamp | null): Position {
  if (typeof at === "string") return at;
  if (time === null) throw new TypeError("a place in a transaction that has no time");
  return writePosition(time, at);
}

/**
 * The answer when the places can't be found any more: order and position are those of a later read. What does not stand
 * as it was answered then is answered as it stands now.
 */
export function placedLater(
  results: readonly KeptResult[],
  rows: ReadonlyMap<number, Order | "broken">,
  position: Position,
): WriteResult[] {
  return results.map((result): WriteResult => {
    if (result.kind === "not-found" || result.kind === "stale") return result;
    const { kind, order, at, deleted } = result;
    if (typeof at === "string") return { kind, order, position: at };
    const row = rows.get(order.id) ?? null;
    if (deleted) {
      return row === null
        ? { kind, order, position }
        : { kind: "stale", current: row === "broken" ? null : row };
    }
    return row === null || row === "broken" ? { kind: "not-found" } : { kind, order: row, position };
  });
}
