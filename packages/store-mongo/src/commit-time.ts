import { type Db, type Document, Timestamp } from "mongodb";
import { z } from "zod";
import type { Deadline } from "./deadline.ts";

const eventSchema = z.object({ clusterTime: z.instanceof(Timestamp) });

const WAIT_MS = 100;

/**
 * When a transaction committed, as its own changes tell it. For a commit whose answer got lost or came twice.
 *
 * @param match finds one of its changes
 * @param since a time before the commit
 * @returns null if the database's history does not go back that far, or the deadline came first
 */
export async function findCommitTime(
  db: Db,
  match: Document,
  since: Timestamp,
  deadline: Deadline,
): Promise<Timestamp | null> {
  const pipeline = [
    { $changeStream: { startAtOperationTime: since } },
    { $match: match },
    { $project: { clusterTime: 1 } },
  ];
  const cursor = db.aggregate(pipeline, { maxAwaitTimeMS: WAIT_MS, readConcern: { level: "majority" } });
  try {
    while (deadline.left() > 2 * WAIT_MS) {
      const event = await cursor.tryNext();
      if (event !== null) return eventSchema.parse(event).clusterTime;
    }
    return null;
  } finally {
    await cursor.close();
  }
}
