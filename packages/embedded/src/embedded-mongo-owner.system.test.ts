import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { MongoClient } from "mongodb";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startEmbeddedMongo } from "./embedded-mongo.ts";
import { isAlive } from "./process-life.ts";

const program = fileURLToPath(new URL("fixtures/mongo-owner.ts", import.meta.url));
const wait = { timeout: 60_000, interval: 20 };

let dataDir = "";
let owners: ChildProcess[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "mongo-owner-"));
});
afterEach(async () => {
  for (const owner of owners) owner.kill("SIGKILL");
  owners = [];
  await rm(dataDir, { recursive: true, force: true });
});

interface Owner {
  process: ChildProcess;
  mongod: number;
  port: number;
  lines: string[];
}

/** In a group of its own, as a shell starts it. */
async function startOwner(): Promise<Owner> {
  const child = spawn(process.execPath, ["--import", "tsx", program, dataDir], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  owners.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await vi.waitFor(() => expect(lines).toHaveLength(1), wait);
  const match = /"pid":(\d+),"port":(\d+)/.exec(lines[0] ?? "");
  return { process: child, mongod: Number(match?.[1]), port: Number(match?.[2]), lines };
}

async function countAfterInsert(uri: string): Promise<number> {
  const client = new MongoClient(uri);
  try {
    const rows = client.db("t").collection("rows");
    await rows.insertOne({}, { writeConcern: { w: "majority" } });
    return await rows.countDocuments();
  } finally {
    await client.close();
  }
}

it("no mongod is left when its owner dies by kill -9, and the next start waits for its end and finds the data", async () => {
  const owner = await startOwner();
  await countAfterInsert(`mongodb://127.0.0.1:${owner.port}/?replicaSet=live-orders`);
  owner.process.kill("SIGKILL");
  await once(owner.process, "exit");
  // At once: its mongod is still ending.
  const next = await startEmbeddedMongo({ dataDir, port: owner.port, oplogSizeMb: 16, cacheSizeGb: 0.25 });
  expect(next.pid).not.toBe(owner.mongod);
  expect(await isAlive(owner.mongod)).toBe(false);
  expect(await countAfterInsert(next.uri)).toBe(2);
  await next.stop();
});

it("no mongod is left when its owner dies by kill -9 and nobody starts again, even if it stands still", async () => {
  const owner = await startOwner();
  process.kill(owner.mongod, "SIGSTOP");
  owner.process.kill("SIGKILL");
  await vi.waitFor(async () => expect(await isAlive(owner.mongod)).toBe(false), wait);
});

it("a Ctrl-C reaches the owner alone, which ends its mongod in good order", async () => {
  const owner = await startOwner();
  if (owner.process.pid === undefined) throw new Error("The owner has no process id");
  process.kill(-owner.process.pid, "SIGINT");
  await once(owner.process, "exit");
  expect(owner.process.exitCode).toBe(0);
  await vi.waitFor(() => expect(owner.lines[1]).toBe("stopped"), wait);
  expect(await isAlive(owner.mongod)).toBe(false);
  // A mongod that ends in good order empties its lock file.
  expect(await readFile(join(dataDir, "mongod.lock"), "utf8")).toBe("");
});
