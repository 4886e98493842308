import { type MongoClient, Timestamp } from "mongodb";
import { z } from "zod";

const entrySchema = z.object({ ts: z.instanceof(Timestamp) });

/** How far the oplog reaches back, in seconds: for how long a cursor can be resumed. */
export async function oplogWindow(client: MongoClient): Promise<number> {
  const oplog = client.db("local").collection("oplog.rs");
  const seconds = async (direction: 1 | -1): Promise<number> => {
    const options = { projection: { ts: 1 }, sort: { $natural: direction }, maxTimeMS: 2000 } as const;
    return entrySchema.parse(await oplog.findOne({}, options)).ts.getHighBitsUnsigned();
  };
  const [first, last] = await Promise.all([seconds(1), seconds(-1)]);
  return last - first;
}
