import { startApi } from "@live-orders/testkit/api-process";
import { MongoClient } from "mongodb";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { insertOrders, orderAt } from "../load/many-orders.ts";
import type { OrderRow } from "../load/workload.ts";
import { machineMs } from "../machine-clock.ts";
import type { Measure, MeasureContext } from "../measure.ts";
import { median } from "../quantiles.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

async function writeCsv(file: string, orders: number): Promise<void> {
  const lines = Array.from({ length: orders }, (_, index) => {
    const { customer_name, product_name, status, updated_at } = orderAt(index + 1);
    return `${index + 1},${customer_name},"${product_name}",${status},${updated_at.toISOString()}`;
  });
  await writeFile(file, `id,customer_name,product_name,status,updated_at\n${lines.join("\n")}\n`);
}

/** The orders are gone, as they were before the first one. */
async function emptied(client: MongoClient, uri: string): Promise<void> {
  await client.db("live_orders").dropDatabase();
  await (await startApi({ DATABASE_URL: uri })).dispose();
}

async function bareMs(client: MongoClient, orders: number): Promise<number> {
  const began = machineMs();
  await insertOrders(client.db("live_orders").collection<OrderRow>("orders"), 1, orders);
  return machineMs() - began;
}

/** The terminal's own command, from its start to its end, against a server. */
async function importMs(file: string, uri: string): Promise<number> {
  const api = await startApi({ DATABASE_URL: uri });
  const began = machineMs();
  const program = ["--import", "tsx", "apps/cli/src/main.ts", "--url", api.url, "import", file];
  const child = spawn(process.execPath, program, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  await once(child, "exit");
  if (child.exitCode !== 0) throw new Error(`The import ended with ${child.exitCode}: ${said}`);
  const ms = machineMs() - began;
  await api.dispose();
  return ms;
}

export const importing: Measure = {
  name: "import",
  title: "Import of 100,000 orders",
  how:
    "`orders import` of a CSV file, from its start to its end, over bare unordered `insertMany`s of 5,000 into the same " +
    "collection with the same validator, indexes and images.",
  async run({ set, quick, say }: MeasureContext) {
    const orders = quick ? 10_000 : 100_000;
    const folder = await mkdtemp(path.join(tmpdir(), "live-orders-bench-"));
    const file = path.join(folder, "orders.csv");
    await writeCsv(file, orders);
    const client = await new MongoClient(set.uri, { writeConcern: { w: "majority" } }).connect();
    const [bare, ours]: [number[], number[]] = [[], []];
    const turns = [
      async () => bare.push(await bareMs(client, orders)),
      async () => ours.push(await importMs(file, set.uri)),
    ];
    for (let round = 0; round < (quick ? 1 : 4); round += 1) {
      // Neither is always the first after the other.
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
        await emptied(client, set.uri);
        await turn();
      }
      say(`bare ${bare.at(-1)?.toFixed(0)} ms, import ${ours.at(-1)?.toFixed(0)} ms`);
    }
    await client.close();
    await rm(folder, { recursive: true });
    const rate = (times: readonly number[]): string => ((orders / median(times)) * 1000).toFixed(0);
    const ratios = ours.map((ms, round) => ms / (bare[round] ?? Number.NaN));
    return {
      rows: [
        { by: "bare insertMany", s: (median(bare) / 1000).toFixed(1), "orders/s": rate(bare) },
        { by: "orders import", s: (median(ours) / 1000).toFixed(1), "orders/s": rate(ours) },
      ],
      findings: [{ bound: "import", value: median(ratios) }],
    };
  },
};
