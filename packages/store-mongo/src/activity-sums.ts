import type { Position } from "@live-orders/protocol/position";
import { STATUSES, statusSchema } from "@live-orders/protocol/status";
import type { ActivityRange, ActivitySums, Arrival } from "@live-orders/store/order-activity";
import type { AggregateOptions, Db, Document } from "mongodb";
import { z } from "zod";
import { past, rowsOf, type RowsRead } from "./archived-changes.ts";
import { ORDER_CHANGES } from "./collection-names.ts";

/** The rows of one collection's changes after a place and up to another. */
export interface RowSpan {
  readonly generation: string;
  readonly after: Position;
  readonly upTo: Position;
}

type How = Omit<RowsRead, "limit">;

const within = ({ generation, after, upTo }: RowSpan, { fromMs }: Pick<ActivityRange, "fromMs">) => ({
  _id: { $gt: past(after), $lt: past(upTo) },
  generation,
  at: { $gte: new Date(fromMs) },
});

const optionsOf = ({ session, deadline }: How): AggregateOptions => ({
  session,
  readConcern: { level: "majority" },
  maxTimeMS: deadline.maxTimeMS(),
});

/** The newest row past the newest `most`, if there are so many. */
export async function findLimit(
  db: Db,
  span: RowSpan,
  { most }: Pick<ActivityRange, "most">,
  how: How,
): Promise<{ readonly position: Position; readonly atMs: number } | null> {
  const { generation, after, upTo } = span;
  const [row] = await rowsOf(db)
    .find(
      { _id: { $gt: past(after), $lt: past(upTo) }, generation },
      { ...optionsOf(how), sort: { _id: -1 }, skip: most, limit: 1, projection: { position: 1, at: 1 } },
    )
    .toArray();
  return row ? { position: row.position, atMs: row.at.getTime() } : null;
}

const at = { $toLong: "$at" };
const startedAt = (stepMs: number) => ({ $toDouble: { $subtract: [at, { $mod: [at, stepMs] }] } });
const one = (condition: Document) => ({ $cond: [condition, 1, 0] });
const netGrowth = (status: string) => ({
  $sum: {
    $subtract: [one({ $eq: ["$after.status", status] }), one({ $eq: ["$before.status", status] })],
  },
});
const SUMS = {
  changes: { $sum: 1 },
  created: { $sum: one({ $eq: ["$op", "insert"] }) },
  ...Object.fromEntries(STATUSES.map((status) => [status, netGrowth(status)])),
};
const sumsSchema = z
  .object({
    _id: z.number(),
    changes: z.int(),
    created: z.int(),
    pending: z.int(),
    shipped: z.int(),
    delivered: z.int(),
  })
  .transform(({ _id, changes, created, ...net }): ActivitySums => ({ startMs: _id, changes, created, net }));

/** What happened in each step of time, the oldest first. */
export async function sumSteps(
  db: Db,
  span: RowSpan,
  range: ActivityRange,
  how: How,
): Promise<ActivitySums[]> {
  const stages = sumStages(span, range);
  const rows: unknown[] = await rowsOf(db).aggregate(stages, optionsOf(how)).toArray();
  return rows.map((row) => sumsSchema.parse(row));
}

export const sumStages = (span: RowSpan, range: ActivityRange): Document[] => [
  { $match: within(span, range) },
  { $group: { _id: startedAt(range.stepMs), ...SUMS } },
  { $sort: { _id: 1 } },
];

const arrivalSchema = z.object({
  to: statusSchema.exclude(["pending"]),
  at: z.date(),
  turn: z.array(
    z.object({ op: z.string(), at: z.date(), from: z.string().optional(), to: z.string().optional() }),
  ),
});

/** The newest arrivals, at most `limit`, and when the one before them was, if there are more. */
export async function readArrivals(
  db: Db,
  span: RowSpan,
  range: ActivityRange,
  { limit, ...how }: RowsRead,
): Promise<{ readonly arrivals: Arrival[]; readonly limitMs: number | null }> {
  const stages = arrivalStages(span, range, limit + 1);
  const rows: unknown[] = await rowsOf(db).aggregate(stages, optionsOf(how)).toArray();
  const found = rows.map((row) => arrivalSchema.parse(row));
  const limitMs = found[limit]?.at.getTime() ?? null;
  return { arrivals: found.slice(0, limit).flatMap(arrivalOf), limitMs };
}

function arrivalOf({ to, at: arrived, turn: [turn] }: z.infer<typeof arrivalSchema>): Arrival[] {
  const becamePending = turn?.to === "pending" && (turn.op === "insert" || turn.from !== undefined);
  return becamePending ? [{ to, ms: Math.max(0, arrived.getTime() - turn.at.getTime()) }] : [];
}

export const arrivalStages = (span: RowSpan, range: ActivityRange, limit: number): Document[] => [
  {
    $match: {
      ...within(span, range),
      $or: [
        { "before.status": "pending", "after.status": "shipped" },
        { "before.status": { $in: ["pending", "shipped"] }, "after.status": "delivered" },
      ],
    },
  },
  { $sort: { _id: -1 } },
  { $limit: limit },
  {
    $lookup: {
      from: ORDER_CHANGES,
      let: { id: "$id", row: "$_id" },
      pipeline: [
        {
          $match: {
            $expr: { $and: [{ $eq: ["$id", "$$id"] }, { $lt: ["$turn", "$$row"] }] },
            generation: span.generation,
            turn: { $exists: true },
          },
        },
        { $sort: { turn: -1 } },
        { $limit: 1 },
        { $project: { op: 1, at: 1, from: "$before.status", to: "$after.status" } },
      ],
      as: "turn",
    },
  },
  { $project: { at: 1, to: "$after.status", turn: 1 } },
];
