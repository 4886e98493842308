import type { Readers } from "../readers.ts";
import type { Stage } from "../stage.ts";
import { untilTrue } from "../until.ts";
import type { Fault } from "../trial.ts";

const BACK_WITHIN_MS = 30_000;

export const collectionReplaced: Fault = {
  number: 10,
  name: "The collection is dropped, renamed and made again; images are switched off and on",
  passesWhen: "each client gets a reset (not for image switches), equal, the feed is alive",
  databases: ["mongodb"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({});
    const readers = await stage.readers({ count: trial.by(20, 8) });
    const db = stage.mongo.client.db("live_orders");
    const steps: readonly [what: string, run: () => Promise<unknown>, resets: boolean][] = [
      ["dropped", () => stage.mongo.rows.drop(), true],
      ["renamed", () => stage.mongo.rows.rename("former_orders"), true],
      ["dropped with the database", () => db.dropDatabase(), true],
      ["made again by others", () => makeAgain(stage), true],
      [
        "images off",
        () => db.command({ collMod: "orders", changeStreamPreAndPostImages: { enabled: false } }),
        false,
      ],
      [
        "images on",
        () => db.command({ collMod: "orders", changeStreamPreAndPostImages: { enabled: true } }),
        false,
      ],
    ];
    let id = 5_000;
    for (const [what, run, resets] of steps) {
      const before = readers.all.map((reader) => reader.resets);
      await run();
      const told = () => readers.all.every((reader, index) => reader.resets > (before[index] ?? 0));
      if (resets)
        measures.within(`every client told, ${what}`, await untilTrue(told, BACK_WITHIN_MS), BACK_WITHIN_MS);
      id += 1;
      measures.within(`alive after it was ${what}`, await untilSeen(stage, readers, id), BACK_WITHIN_MS);
      if (!resets) measures.none(`resets, ${what}`, told() ? 1 : 0);
      const { differences } = await stage.settle(readers);
      measures.none(`rows that differ from a query, ${what}`, differences);
    }
  },
};

async function makeAgain(stage: Stage): Promise<void> {
  await stage.mongo.rows.drop();
  // The node may have been quicker.
  await stage.mongo.client
    .db("live_orders")
    .createCollection("orders")
    .catch(() => undefined);
}

/** A new order reaches every client that reads its status; and is changed, so that there is an image before. */
async function untilSeen(stage: Stage, readers: Readers, id: number): Promise<number> {
  const { direct } = stage.database;
  const fields = { customer_name: "Ada", product_name: "new", updated_at: new Date().toISOString() };
  await direct.insert([{ id, ...fields, status: "pending" }]);
  await direct.update(id, { status: "shipped" });
  const shipped = readers.all.filter(({ statuses }) => statuses.includes("shipped"));
  return untilTrue(
    () => shipped.every(({ live }) => live.row(id)?.order.status === "shipped"),
    BACK_WITHIN_MS,
  );
}
