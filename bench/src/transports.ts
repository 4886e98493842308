/**
 * `pnpm bench:transports [--quick] [clients,…] [writes/s,…]`: what each way to learn of changes costs. For each number of clients
 * and of writes a second: requests, how many of them brought nothing, bytes, write → seen, the server's processor and
 * the database's operations. Prints the table, and puts table and charts into `docs/` after a whole run. `--quick`: two
 * seconds each for few clients, in about a minute, to see that it works.
 */
import { startApi } from "@live-orders/testkit/api-process";
import { startReplicaSet } from "@live-orders/testkit/mongo-replica-set";
import { MongoClient } from "mongodb";
import { setTimeout as delay } from "node:timers/promises";
import { processCpu } from "./process-cpu.ts";
import { quantile } from "./quantiles.ts";
import { Load } from "./transports/load.ts";
import { type TransportName, TRANSPORTS } from "./transports/reader.ts";
import { Readers } from "./transports/readers.ts";
import { type Figures, publish, tableOf } from "./transports/report.ts";

const isQuick = process.argv.includes("--quick");
const [clientsWanted, ratesWanted] = process.argv.slice(2).filter((argument) => argument !== "--quick");
const SECONDS = isQuick ? 2 : 6;
/** Readers that have just come are not what is measured. */
const WARM_UP_MS = 1000;
/** Longer than the interval of those that poll: the last write reaches everyone. */
const TAIL_MS = 2500;

const numbers = (text: string | undefined, all: readonly number[]): readonly number[] =>
  text === undefined ? all : text.split(",").map(Number);
const clientCounts = numbers(clientsWanted, isQuick ? [1, 10] : [1, 10, 100, 1000]);
const rates = numbers(ratesWanted, isQuick ? [10] : [1, 10, 100]);

const set = await startReplicaSet();
const api = await startApi({ DATABASE_URL: set.uri });
const client = await new MongoClient(set.uri, { writeConcern: { w: "majority" } }).connect();
const load = new Load(client);
await load.seed();

async function measure(transport: TransportName, clients: number, rate: number): Promise<Figures> {
  const readers = await Readers.open(api.url, transport, clients);
  await delay(WARM_UP_MS);
  await readers.begin();
  const [cpuBefore, operationsBefore] = [await processCpu(api.pid()), await load.operations()];
  const writes = await load.run(rate, SECONDS);
  const [cpu, operations, count] = [
    await processCpu(api.pid()),
    await load.operations(),
    await readers.count(),
  ];
  await delay(TAIL_MS);
  const { latencies, samples } = await readers.seen();
  await readers.close();
  return {
    transport,
    clients,
    rate,
    requestsPerSecond: count.requests / SECONDS,
    emptyShare: count.requests === 0 ? null : count.empty / count.requests,
    kilobytesPerSecond: count.bytes / SECONDS / 1000,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    seenShare: latencies.length / (writes * samples),
    cpuPercent: ((cpu - cpuBefore) / SECONDS) * 100,
    operationsPerSecond: (operations - operationsBefore - writes) / SECONDS,
  };
}

const all: Figures[] = [];
for (const rate of rates) {
  for (const clients of clientCounts) {
    for (const transport of TRANSPORTS) {
      all.push(await measure(transport, clients, rate));
      process.stderr.write(`${rate} writes/s, ${clients} clients, ${transport}\n`);
    }
  }
}
await client.close();
await api.dispose();
await set.dispose();

console.log(tableOf(all));
if (process.argv.length === 2) await publish(all);
