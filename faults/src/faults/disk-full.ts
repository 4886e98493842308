import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createOrdersApi, type OrdersApi } from "@live-orders/client/orders-api";
import { type ApiProcess, startApi } from "@live-orders/testkit/api-process";
import { Readers } from "../readers.ts";

import { SmallDisk } from "../small-disk.ts";
import { untilTrue } from "../until.ts";
import type { Fault, Trial } from "../trial.ts";

const DISK_MB = 512;
const FULL_WITHIN_MS = 180_000;
const ROWS = 500;
const ROOT = path.resolve(import.meta.dirname, "../../..");

export const diskFull: Fault = {
  number: 15,
  name: "The disk of the embedded database is full; DATA_DIR cannot be written",
  passesWhen: "a clear message, no corruption, works again after",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    await unwritable(trial);
    const disk = await SmallDisk.mount(DISK_MB);
    if (disk === null) {
      trial.measures.remark("disk full: not tried, for no file system can be mounted here");
      return;
    }
    const api = await startApi({ ...embedded(trial), DATA_DIR: path.join(disk.folder, "data") });
    try {
      await fillUp(trial, disk, api);
    } finally {
      await api.dispose();
      await disk.unmount();
    }
  },
};

const embedded = ({ database }: Trial): Record<string, string> => ({
  DATABASE_URL: `embedded:${database}`,
  EMBEDDED_DB_PORT: "0",
});

async function unwritable(trial: Trial): Promise<void> {
  const env = { ...process.env, ...embedded(trial), PORT: "0", DATA_DIR: "/proc/live-orders" };
  const child = spawn(process.execPath, ["--import", "tsx", "apps/api/src/main.ts"], { cwd: ROOT, env });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await once(child, "close");
  trial.measures.exactly("exit status where DATA_DIR cannot be written", child.exitCode ?? -1, 1);
  const line = said.split("\n").filter((text) => text.includes("can't start"));
  trial.measures.exactly(
    "lines that name DATA_DIR",
    line.filter((text) => text.includes("DATA_DIR")).length,
    1,
  );
}

async function fillUp(trial: Trial, disk: SmallDisk, api: ApiProcess): Promise<void> {
  const { measures } = trial;
  const readers = await Readers.open({ urls: [api.url], count: 4 });
  const orders = createOrdersApi({ baseUrl: api.url });
  const acknowledged = new Set<number>();
  await write(orders, acknowledged);
  await disk.fill();
  let refused = 0;
  const isTold = async (): Promise<boolean> => {
    if (!(await write(orders, acknowledged))) refused += 1;
    return refused > 0 && /disk .* is full|no space left/i.test(api.output());
  };
  // What a server has set aside lasts until its next checkpoint at most.
  const told = await untilTrue(isTold, FULL_WITHIN_MS);
  measures.within("told that the disk is full", told, FULL_WITHIN_MS);
  if (told > FULL_WITHIN_MS) measures.finding(`it said: ${api.output().slice(-2_000)}`);
  measures.atLeast("bulk writes refused", refused, 1);
  await disk.clear();
  const again = await untilTrue(() => write(orders, acknowledged), 120_000);
  measures.within("writes taken again", again, 60_000);
  const standing = await idsOf(orders);
  measures.note("orders acknowledged", acknowledged.size);
  measures.none("of them lost", [...acknowledged].filter((id) => !standing.has(id)).length);
  const isEqual = () =>
    readers.all.every(
      ({ live, statuses }) => live.size === (statuses.includes("pending") ? standing.size : 0),
    );
  measures.within("equal", await untilTrue(isEqual, 60_000), 60_000);
  measures.none("resets", readers.resets);
  readers.stop();
}

/** @returns whether it was taken */
async function write(orders: OrdersApi, acknowledged: Set<number>): Promise<boolean> {
  const order = { customer_name: "x".repeat(200), product_name: "x".repeat(200), status: "pending" as const };
  const operations = Array.from({ length: ROWS }, () => ({ op: "create" as const, order }));
  const answer = await orders.bulk(operations, { tries: 1 });
  if (!answer.ok) return false;
  for (const { order: made } of answer.value.results) if (made !== undefined) acknowledged.add(made.id);
  return true;
}

async function idsOf(orders: OrdersApi): Promise<ReadonlySet<number>> {
  const ids = new Set<number>();
  let after: string | null = null;
  do {
    const page = await orders.list({ limit: 500, ...(after !== null && { after }) }, { tries: 5 });
    if (!page.ok) throw new Error(JSON.stringify(page.error));
    for (const { id } of page.value.orders) ids.add(id);
    after = page.value.next;
  } while (after !== null);
  return ids;
}
