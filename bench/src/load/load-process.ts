/** A process that writes straight to the database, so that its work is not the server's or the clients'. */
import { STATUSES } from "@live-orders/protocol/status";
import { seededRandom } from "@live-orders/testkit/seeded-random";
import { Int32, MongoClient } from "mongodb";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { answerQuestions } from "../asked-process.ts";
import { machineMs } from "../machine-clock.ts";
import { type OrderRow, type PlannedWrite, Workload } from "./workload.ts";
import { columnsOf, updatedAtOf, type WriteRecord } from "./write-record.ts";

const questionSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("open"),
    uri: z.string(),
    /** At least so many orders stand there when the work begins. */
    orders: z.int().min(1),
    firstSequence: z.int().min(0),
    seed: z.int(),
  }),
  z.object({ kind: z.literal("write"), rate: z.number().positive(), seconds: z.number().positive() }),
]);
export type LoadQuestion = z.infer<typeof questionSchema>;

/** Writes that fall due within so many ms go to the database together: one request each would measure this process. */
const TICK_MS = 2;

let client: MongoClient | undefined;
let workload: Workload | undefined;

const rows = () => {
  if (client === undefined) throw new Error("The load has not been opened");
  return client.db("live_orders").collection<OrderRow>("orders");
};

async function open({ uri, orders, firstSequence, seed }: Extract<LoadQuestion, { kind: "open" }>) {
  client = await new MongoClient(uri, { writeConcern: { w: "majority" } }).connect();
  const standing = await rows().find().toArray();
  const random = seededRandom(seed);
  const newest = Math.max(0, ...standing.map(({ _id }) => Number(_id)));
  const more = Array.from({ length: Math.max(0, orders - standing.length) }, (_, index) => ({
    _id: new Int32(newest + index + 1),
    customer_name: "Claire Gute",
    product_name: "Bush Somerset Collection Bookcase",
    status: random.pick(STATUSES),
    updated_at: updatedAtOf(0),
  }));
  if (more.length > 0) await rows().insertMany(more);
  workload = new Workload([...standing, ...more], firstSequence, random);
}

/** Begins each write at its time, whether or not those before are done; a request a tick at high rates. */
async function write(rate: number, seconds: number): Promise<WriteRecord[]> {
  if (workload === undefined) throw new Error("The load has not been opened");
  const records: WriteRecord[] = [];
  const underWay = new Set<Promise<void>>();
  const total = Math.round(rate * seconds);
  const began = machineMs();
  while (records.length < total) {
    const due = Math.min(total, Math.floor(((machineMs() - began) / 1000) * rate) + 1);
    const batch: PlannedWrite[] = [];
    while (records.length < due) {
      const planned = workload.next();
      batch.push(planned);
      records.push({ ...planned.record, at: machineMs() });
    }
    if (batch.length > 0) {
      const done = carryOut(batch, workload).finally(() => underWay.delete(done));
      underWay.add(done);
    }
    const next = began + (records.length * 1000) / rate;
    await delay(Math.max(next - machineMs(), TICK_MS));
  }
  await Promise.all(underWay);
  return records;
}

async function carryOut(batch: readonly PlannedWrite[], work: Workload): Promise<void> {
  await rows().bulkWrite(
    batch.map(({ operation }) => operation),
    { ordered: false },
  );
  for (const planned of batch) work.done(planned);
}

answerQuestions(async (question) => {
  const asked = questionSchema.parse(question);
  if (asked.kind === "open") await open(asked);
  return asked.kind === "open" ? {} : columnsOf(await write(asked.rate, asked.seconds));
});
