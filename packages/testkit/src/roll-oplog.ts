import { eventually } from "./eventually.ts";
import { type MongoClient, Timestamp } from "mongodb";
import { z } from "zod";

const entrySchema = z.object({ ts: z.instanceof(Timestamp) });

/** Writes until the oplog has forgotten everything up to now. The set needs a small oplog and `--syncdelay 1`. */
export async function rollOplog(client: MongoClient): Promise<void> {
  const oplog = client.db("local").collection("oplog.rs");
  const edge = async (direction: 1 | -1): Promise<Timestamp> =>
    entrySchema.parse(await oplog.findOne({}, { sort: { $natural: direction } })).ts;
  const ballast = client.db("ballast").collection("rows");
  const now = await edge(-1);
  await eventually(
    async () => {
      await ballast.insertMany(Array.from({ length: 10 }, () => ({ filler: "x".repeat(100_000) })));
      return (await edge(1)).greaterThan(now);
    },
    { within: 60_000, every: 1 },
  );
  await client.db("ballast").dropDatabase();
}
