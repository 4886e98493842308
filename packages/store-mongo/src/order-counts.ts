import type { Counts } from "@live-orders/protocol/http-orders";
import { STATUSES, statusSchema, type Status } from "@live-orders/protocol/status";
import type { ClientSession, Document } from "mongodb";
import { z } from "zod";
import type { BrokenRows } from "./broken-rows.ts";
import type { Deadline } from "./deadline.ts";
import { completeAt, positionOf } from "./mongo-position.ts";
import { imageExpression, orderOrNull } from "./order-image.ts";
import { ORDERS, WELL_FORMED } from "./order-model.ts";
import { searchFilter } from "./order-search.ts";
import type { OrdersHome } from "./orders-home.ts";

type ByStatus = Record<Status, number>;

/** Runs an aggregation of `orders` at the instant of the counts. */
type Run = (pipeline: Document[], hint?: Document) => Promise<unknown>;

/** How many orders stand in each status, of those that `q` finds; as of one instant. */
export async function readCounts(
  home: OrdersHome,
  broken: BrokenRows,
  q: string,
  deadline: Deadline,
): Promise<Counts> {
  const { value, time } = await home.snapshot(deadline, (session) => {
    const run = runner(home, session, deadline);
    return q === "" && broken.ids !== null ? countIndexed(run, broken.ids) : countEach(run, q);
  });
  const total = value.pending + value.shipped + value.delivered;
  return { ...value, total, position: positionOf(completeAt(time)) };
}

function runner({ db }: OrdersHome, session: ClientSession, deadline: Deadline): Run {
  return (pipeline, hint) => {
    const options = { session, maxTimeMS: deadline.maxTimeMS(), ...(hint ? { hint } : {}) };
    return db.collection(ORDERS).aggregate(pipeline, options).toArray();
  };
}

/** Rows that break the table may have any status at all. */
const groupsSchema = z.array(z.object({ _id: z.unknown(), count: z.int().min(0) }));

/** Looks at every row, as they lie: by an index each would be fetched on its own. */
async function countEach(run: Run, q: string): Promise<ByStatus> {
  const pipeline = [
    { $match: { $and: [searchFilter(q), WELL_FORMED] } },
    { $group: { _id: "$status", count: { $sum: 1 } } },
  ];
  const groups = groupsSchema.parse(await run(pipeline, { $natural: 1 }));
  const found = new Map(groups.map(({ _id, count }) => [_id, count]));
  return byStatus((status) => found.get(status) ?? 0);
}

const countSchema = z.tuple([z.object({ count: z.int().min(0) })]).or(z.tuple([]));

/** Counts the index's keys, without the rows that are known to break the table and still do. */
async function countIndexed(run: Run, suspects: readonly unknown[]): Promise<ByStatus> {
  const counts = byStatus(() => 0);
  for (const status of STATUSES) {
    const pipeline = [{ $match: { status } }, { $count: "count" }];
    const [answer] = countSchema.parse(await run(pipeline, { status: 1, _id: 1 }));
    counts[status] = answer?.count ?? 0;
  }
  if (suspects.length === 0) return counts;
  for (const { image, counted } of suspectsSchema.parse(await run(suspectRows(suspects)))) {
    if (orderOrNull(image) === null) for (const status of counted) counts[status] -= 1;
  }
  return counts;
}

const suspectsSchema = z.array(z.object({ image: z.unknown(), counted: z.array(statusSchema) }));

/** With the statuses that each was counted in: an array of several is counted in each. */
function suspectRows(ids: readonly unknown[]): Document[] {
  const own = { $cond: [{ $isArray: "$status" }, "$status", ["$status"]] };
  const counted = { $setIntersection: [own, [...STATUSES]] };
  return [
    { $match: { _id: { $in: ids } } },
    { $project: { _id: 0, image: imageExpression("$$ROOT"), counted } },
  ];
}

const byStatus = (count: (status: Status) => number): ByStatus => ({
  pending: count("pending"),
  shipped: count("shipped"),
  delivered: count("delivered"),
});
