import { idempotencyKeySchema } from "@live-orders/protocol/change";
import { orderIdSchema } from "@live-orders/protocol/order";
import { type Document, Timestamp } from "mongodb";
import { z } from "zod";
import { IDEMPOTENCY_KEYS } from "./collection-names.ts";
import { idExpression, imageExpression } from "./order-image.ts";
import { ORDERS } from "./order-model.ts";

/** What the stream tells of the database. */
export type ChangeEvent = OrderEvent | KeyEvent | GoneEvent;

export interface OrderEvent {
  readonly kind: "order";
  readonly time: Timestamp;
  readonly op: "insert" | "update" | "delete";
  /** Null if it is no id of an order. */
  readonly id: number | null;
  readonly before: unknown;
  readonly after: unknown;
  /** When it was committed. */
  readonly wallTime: Date;
}

/** A request with this `Idempotency-Key` made the orders that are inserted at the same time. */
export interface KeyEvent {
  readonly kind: "key";
  readonly time: Timestamp;
  readonly key: string | null;
}

/** The collection that bore the name `orders` does so no more. */
export interface GoneEvent {
  readonly kind: "gone";
  readonly time: Timestamp;
}

const ROW_OPERATIONS = ["insert", "update", "replace", "delete"] as const;
const END_OPERATIONS = ["drop", "rename", "dropDatabase", "invalidate"] as const;

/**
 * In bytes. A change's resume token holds its `_id` in hex and travels twice, so that the change of a row with an `_id`
 * of 4 MB is more than a server can answer with: it breaks the connection, again and again.
 */
const MAX_KEY_BYTES = 1024 * 1024;

/** One for all streams: the places of changes are counted in what it lets through. */
export const EVENT_PIPELINE: Document[] = [
  {
    $match: {
      $or: [
        { "ns.coll": ORDERS, operationType: { $in: [...ROW_OPERATIONS, "drop", "rename"] } },
        { "ns.coll": IDEMPOTENCY_KEYS, operationType: "insert" },
        { "to.coll": ORDERS, operationType: "rename" },
        { operationType: { $in: ["dropDatabase", "invalidate"] } },
      ],
    },
  },
  { $match: { $expr: { $lte: [{ $bsonSize: { $ifNull: ["$documentKey", {}] } }, MAX_KEY_BYTES] } } },
  {
    $project: {
      operation: "$operationType",
      collection: "$ns.coll",
      time: "$clusterTime",
      wallTime: "$wallTime",
      id: idExpression("$documentKey._id"),
      key: { $cond: [{ $eq: ["$ns.coll", IDEMPOTENCY_KEYS] }, "$documentKey._id", null] },
      before: imageExpression("$fullDocumentBeforeChange"),
      after: { $cond: [{ $eq: ["$ns.coll", ORDERS] }, imageExpression("$fullDocument"), null] },
    },
  },
];

const eventSchema = z.object({
  operation: z.enum([...ROW_OPERATIONS, ...END_OPERATIONS]),
  collection: z.string().nullish(),
  time: z.instanceof(Timestamp),
  wallTime: z.date().optional(),
  id: z.number().nullish(),
  key: z.unknown(),
  before: z.unknown(),
  after: z.unknown(),
});

/** @param document what `EVENT_PIPELINE` gave */
export function changeEventOf(document: Document): ChangeEvent {
  const { operation, collection, time, wallTime, id, key, before, after } = eventSchema.parse(document);
  if (
    operation === "drop" ||
    operation === "rename" ||
    operation === "dropDatabase" ||
    operation === "invalidate"
  ) {
    return { kind: "gone", time };
  }
  if (collection === IDEMPOTENCY_KEYS) {
    return { kind: "key", time, key: idempotencyKeySchema.safeParse(key).data ?? null };
  }
  return {
    kind: "order",
    time,
    op: operation === "replace" ? "update" : operation,
    id: orderIdSchema.safeParse(id).data ?? null,
    before,
    after,
    // A cluster time counts seconds.
    wallTime: wallTime ?? new Date(time.getHighBitsUnsigned() * 1000),
  };
}
