import { memoryDuring } from "../memory-watch.ts";
import type { Stage } from "../stage.ts";
import type { Fault } from "../trial.ts";

/** What the node may take more at its height, in MiB: the log in RAM and what is on its way. */
const MEMORY = 512;

export const bulkWritten: Fault = {
  number: 13,
  name: "A bulk write of 50,000 documents; a transaction of 1,000 orders",
  passesWhen: "equal within 30 s; memory bounded",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ oplogSizeMb: 256 });
    const readers = await stage.readers({ count: 8, rooms: [["pending"], ["pending", "shipped"]] });
    const { before, peak } = await memoryDuring(stage.node(0), async () => {
      await insertMany(stage, trial.by(50_000, 5_000));
      measures.within("equal after the bulk write", (await stage.settle(readers)).ms, 30_000);
      await transaction(stage, 1_000);
      measures.within("equal after the transaction", (await stage.settle(readers)).ms, 30_000);
    });
    measures.sizeAtMost("more memory", peak - before, MEMORY, "MiB");
    await trial.check(stage, readers, { acknowledged: [], unknown: 0, refused: 0, heldBack: 0 });
    measures.none("resets", readers.resets);
  },
};

const insertMany = (stage: Stage, count: number): Promise<void> =>
  stage.database.direct.insert(
    Array.from({ length: count }, (_, index) => ({
      id: 10_000 + index,
      customer_name: "Ada",
      product_name: `bulk ${index}`,
      status: "pending" as const,
      updated_at: new Date().toISOString(),
    })),
  );

/** One request, and so one transaction. */
async function transaction(stage: Stage, count: number): Promise<void> {
  const operations = Array.from({ length: count }, (_, index) => ({
    op: "create" as const,
    order: { customer_name: "Ada", product_name: `together ${index}`, status: "shipped" as const },
  }));
  const answer = await stage.api().bulk(operations);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
}
