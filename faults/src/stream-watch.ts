import { setTimeout as delay } from "node:timers/promises";
import type { MongoClient } from "mongodb";
import { z } from "zod";

const LOOK_EVERY_MS = 50;
const pipelineSchema = z.object({
  pipeline: z.tuple([z.looseObject({ $changeStream: z.unknown() })]).rest(z.unknown()),
});
const operationSchema = z.looseObject({
  cursor: z.looseObject({ cursorId: z.unknown(), originatingCommand: pipelineSchema }),
});

/**
 * The most change streams that were open at once while something happened, beside those that were open before, by the
 * database's own list of cursors: a node that was killed leaves its own there for a while.
 */
export async function mostMoreStreamsDuring(
  client: MongoClient,
  run: () => Promise<unknown>,
): Promise<number> {
  const before = await openStreams(client);
  let most = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      most = Math.max(most, await openStreams(client));
      await delay(LOOK_EVERY_MS);
    }
  })();
  await run().finally(() => (isOver = true));
  await watching;
  return Math.max(0, most - before);
}

async function openStreams(client: MongoClient): Promise<number> {
  const operations = await client
    .db("admin")
    .aggregate([{ $currentOp: { allUsers: true, idleCursors: true } }])
    .toArray();
  const cursors = operations.flatMap((operation) => operationSchema.safeParse(operation).data?.cursor ?? []);
  return new Set(cursors.map(({ cursorId }) => String(cursorId))).size;
}
