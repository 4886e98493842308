import type { StandingRow } from "@live-orders/store/write-plan";
import type { ClientSession, Db } from "mongodb";
import { z } from "zod";
import { ID_COUNTERS } from "./collection-names.ts";
import type { Deadline } from "./deadline.ts";
import { imageExpression, orderImage } from "./order-image.ts";
import { ORDERS } from "./order-model.ts";

/** The named rows and the clock, of one instant. */
export interface RowsAndClock {
  readonly rows: ReadonlyMap<number, StandingRow>;
  /** The database's clock, in ms since the epoch. */
  readonly nowMs: number;
}

const answerSchema = z.object({
  now: z.date(),
  rows: z.array(z.object({ _id: z.number(), image: z.unknown() })),
});

/**
 * Reads rows by their ids and the database's clock in one statement: a transaction has no stage that gives the clock
 * alone, so the counter's document lends itself. Null if that document is gone.
 */
export async function readRowsAndClock(
  db: Db,
  ids: readonly number[],
  session: ClientSession,
  deadline: Deadline,
): Promise<RowsAndClock | null> {
  const named = [
    { $match: { _id: { $in: [...ids] } } },
    { $project: { _id: 1, image: imageExpression("$$ROOT") } },
  ];
  const pipeline = [
    { $match: { _id: ORDERS } },
    { $lookup: { from: ORDERS, pipeline: named, as: "rows" } },
    { $project: { _id: 0, now: "$$NOW", rows: 1 } },
  ];
  const options = { session, maxTimeMS: deadline.maxTimeMS() };
  const [answer] = await db.collection(ID_COUNTERS).aggregate(pipeline, options).toArray();
  if (answer === undefined) return null;
  const { now, rows } = answerSchema.parse(answer);
  const standing = rows.map(({ _id, image }): [number, StandingRow] => {
    const order = orderImage(image);
    return [_id, order === "missing" ? "broken" : order];
  });
  return { rows: new Map(standing), nowMs: now.getTime() };
}
