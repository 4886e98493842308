import { setTimeout as delay } from "node:timers/promises";
import { type Document, MongoClient } from "mongodb";
import type { MongoDatabase } from "../databases/mongo-database.ts";
import type { Fault } from "../trial.ts";

const IMPATIENT_WRITES = 10;

export const primaryPaused: Fault = {
  number: 2,
  name: "The primary stands still (SIGSTOP) for 30 s, with writes that no other member has, then goes on",
  passesWhen: "no rolled-back value is ever shown as confirmed",
  databases: ["mongodb"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ members: 3, electionTimeoutMs: 8_000 });
    const readers = await stage.readers({ count: trial.by(40, 8) });
    const load = stage.load({ rate: trial.by(50, 20) });
    await delay(2_000);
    const { mongo } = stage;
    const primary = await mongo.set.primary();
    const others = [0, 1, 2].filter((member) => member !== primary);

    // Killed, not paused: what the primary streams to a member that stands still waits in its socket.
    await Promise.all(others.map((member) => mongo.set.kill(member)));
    const marks = await writeImpatiently(mongo, primary);
    mongo.set.pause(primary);
    await Promise.all(others.map((member) => mongo.set.start(member)));
    await delay(trial.by(30_000, 12_000));
    mongo.set.resume(primary);
    await delay(3_000);

    await trial.check(stage, readers, await load.stop());
    const products = new Set((await stage.database.log()).map(({ after }) => after?.product_name));
    measures.exactly("writes rolled back", marks.filter((mark) => !products.has(mark)).length, marks.length);
    const shown = readers.all.flatMap((reader) => [...reader.shown]);
    measures.none("rolled-back values shown", shown.filter((text) => text.includes("impatient")).length);
    measures.none("resets", readers.resets);
  },
};

/** Writes that the primary alone acknowledges: nobody else can be told of them. */
async function writeImpatiently({ set }: MongoDatabase, primary: number): Promise<string[]> {
  const client = new MongoClient(`mongodb://${set.hosts[primary] ?? ""}/?directConnection=true`);
  try {
    const rows = client.db("live_orders").collection<Document & { _id: number }>("orders");
    const marks = Array.from({ length: IMPATIENT_WRITES }, (_, index) => `impatient ${index}`);
    const impatient = { writeConcern: { w: 1, journal: false } };
    for (const [index, product_name] of marks.entries())
      await rows.updateOne({ _id: index + 1 }, { $set: { product_name, updated_at: new Date() } }, impatient);
    return marks;
  } finally {
    await client.close();
  }
}
