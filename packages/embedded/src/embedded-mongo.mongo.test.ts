import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Document, Int32, MongoClient } from "mongodb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EmbeddedError } from "./embedded-failure.ts";
import { type EmbeddedMongo, type EmbeddedMongoOptions, startEmbeddedMongo } from "./embedded-mongo.ts";
import { freePort } from "./free-port.ts";
import { findMongod } from "./mongod-binary.ts";
import { spawnMongod } from "./mongod-process.ts";
import { isAlive } from "./process-life.ts";
import { becomePrimary } from "./single-member-set.ts";

let root = "";
let running: EmbeddedMongo[] = [];
const wait = { timeout: 60_000, interval: 10 };

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "embedded-mongo-"));
});
afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  running = [];
  await rm(root, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedMongoOptions> = {}): Promise<EmbeddedMongo> {
  const defaults = { dataDir: join(root, "data"), port: 0, oplogSizeMb: 16, cacheSizeGb: 0.25 };
  const server = await startEmbeddedMongo({ ...defaults, ...options });
  running.push(server);
  return server;
}

async function failureOf(options: Partial<EmbeddedMongoOptions>) {
  const error: unknown = await start(options).catch((reason: unknown) => reason);
  if (error instanceof EmbeddedError) return error.failure;
  throw new Error("It started", { cause: error });
}

async function withRows<T>(
  server: EmbeddedMongo,
  use: (rows: ReturnType<ReturnType<MongoClient["db"]>["collection"]>) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(server.uri);
  try {
    return await use(client.db("live_orders").collection("rows"));
  } finally {
    await client.close();
  }
}

const insert = (server: EmbeddedMongo, n: number) =>
  withRows(server, (rows) => rows.insertOne({ n: new Int32(n) }, { writeConcern: { w: "majority" } }));
const numbers = (server: EmbeddedMongo) =>
  withRows(server, async (rows) =>
    (await rows.find().sort({ n: 1 }).toArray()).map((row: Document) => Number(row["n"])),
  );

function pidOf(server: EmbeddedMongo): number {
  if (server.pid === undefined) throw new Error("The server is down");
  return server.pid;
}

describe("a start", () => {
  it("gives a replica set with the oplog size that was asked for, with change streams", async () => {
    const server = await start({ oplogSizeMb: 20 });
    expect(server.oplogSizeMb).toBe(20);
    await withRows(server, async (rows) => {
      const stream = rows.watch();
      expect(await stream.tryNext()).toBeNull();
      await rows.insertOne({ n: 1 });
      expect(await stream.next()).toMatchObject({ operationType: "insert", fullDocument: { n: 1 } });
      await stream.close();
    });
  });

  it("keeps the data over a stop and a start, on the same port and on another", async () => {
    const first = await start();
    await insert(first, 1);
    await first.stop();
    const again = await start({ port: first.port });
    expect(again.port).toBe(first.port);
    await insert(again, 2);
    await again.stop();
    const moved = await start();
    expect(moved.port).not.toBe(first.port);
    expect(await numbers(moved)).toEqual([1, 2]);
    await insert(moved, 3);
  });

  it("says what it does, one line at a time", async () => {
    const lines: string[] = [];
    const server = await start({ onLog: (line) => lines.push(line) });
    await server.stop();
    expect(lines).toEqual([`MongoDB is ready on 127.0.0.1:${server.port}`, "MongoDB has stopped"]);
  });

  it("grows an oplog to a size that can be changed, and keeps one that cannot", async () => {
    const small = await start({ oplogSizeMb: 16 });
    await small.stop();
    const kept = await start({ oplogSizeMb: 32 });
    expect(kept.oplogSizeMb).toBe(16);
    await kept.stop();
    expect((await start({ oplogSizeMb: 1000 })).oplogSizeMb).toBe(1000);
  });
});

describe("a server that dies by itself", () => {
  it("comes back on its port with all that was acknowledged, as often as it is killed", async () => {
    const states: string[] = [];
    const server = await start({ onState: (state) => states.push(state.kind) });
    for (const n of [1, 2]) {
      await insert(server, n);
      const pid = pidOf(server);
      process.kill(pid, "SIGKILL");
      await vi.waitFor(() => expect(server.pid).not.toBe(pid), wait);
      await vi.waitFor(() => expect(server.pid).toBeDefined(), wait);
    }
    expect(await numbers(server)).toEqual([1, 2]);
    expect(states).toEqual(["ready", "down", "ready", "down", "ready"]);
  });

  it("is down for longer each time, and tells why", async () => {
    const waits: number[] = [];
    const server = await start({
      onState: (state) => {
        if (state.kind === "down") waits.push(state.retryInMs);
        if (state.kind === "down") expect(state.failure).toMatchObject({ kind: "ended", how: "SIGKILL" });
      },
    });
    for (const _ of [1, 2, 3]) {
      await vi.waitFor(() => process.kill(pidOf(server), "SIGKILL"), wait);
      await vi.waitFor(() => expect(server.pid).toBeUndefined(), wait);
    }
    expect(waits).toEqual([200, 400, 800]);
  });

  it("can be stopped while it is down", async () => {
    const server = await start();
    process.kill(pidOf(server), "SIGKILL");
    await vi.waitFor(() => expect(server.pid).toBeUndefined(), wait);
    await server.stop();
    expect(server.pid).toBeUndefined();
    // Nothing holds the folder or the port any more.
    await start({ port: server.port });
  });
});

describe("a stop", () => {
  it("ends the process, and may come twice", async () => {
    const server = await start();
    const pid = pidOf(server);
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(await isAlive(pid)).toBe(false);
  });

  it("comes with the signal, before the server is ready and after", async () => {
    const early = new AbortController();
    const starting = failureOf({ signal: early.signal });
    early.abort();
    expect(await starting).toEqual({ kind: "aborted" });
    expect(await failureOf({ signal: AbortSignal.abort() })).toEqual({ kind: "aborted" });
    const late = new AbortController();
    const server = await start({ signal: late.signal });
    late.abort();
    await vi.waitFor(() => expect(server.pid).toBeUndefined(), wait);
  });
});

describe("a start that cannot be", () => {
  it("says who holds the data folder, on whatever port, and leaves the holder alone", async () => {
    const holder = await start();
    const failure = { kind: "data-dir-in-use", dataDir: join(root, "data"), holder: process.pid };
    expect(await failureOf({})).toEqual(failure);
    expect(await failureOf({ port: holder.port })).toEqual(failure);
    await insert(holder, 1);
    // The failed ones did not take the holder's note away.
    expect(await failureOf({})).toEqual(failure);
  });

  it("says that the port is in use", async () => {
    const { port } = await start();
    expect(await failureOf({ port, dataDir: join(root, "other") })).toEqual({ kind: "port-in-use", port });
  });

  it("says that the data folder cannot be written", async () => {
    await writeFile(join(root, "file"), "");
    const dataDir = join(root, "file", "data");
    expect(await failureOf({ dataDir })).toMatchObject({ kind: "data-dir-not-writable", dataDir });
  });

  it("says that the program does not run", async () => {
    const mongod = join(root, "mongod");
    await writeFile(mongod, "#!/bin/sh\necho a library is missing >&2\nexit 127\n", { mode: 0o755 });
    expect(await failureOf({ mongod })).toEqual({
      kind: "ended",
      how: "code 127",
      reason: "a library is missing",
    });
    expect(await failureOf({ mongod: join(root, "none") })).toMatchObject({ kind: "ended", how: "code 127" });
  });

  it("leaves the data of another replica set as it is, and says so", async () => {
    const dataDir = join(root, "data");
    await mkdir(dataDir);
    const other = await startOther(dataDir, "other");
    await other.terminate(10_000);
    expect(await failureOf({ dataDir })).toMatchObject({ kind: "data-incompatible", dataDir });
    const again = await startOther(dataDir, "other");
    await again.terminate(10_000);
  });
});

async function startOther(dataDir: string, name: string) {
  const found = await findMongod();
  if (found.kind === "missing") throw new EmbeddedError({ kind: "binary-missing", tried: found.tried });
  const port = await freePort();
  const where = ["--dbpath", dataDir, "--port", String(port), "--bind_ip", "127.0.0.1", "--nounixsocket"];
  const small = ["--oplogSize", "16", "--wiredTigerCacheSizeGB", "0.25"];
  const server = spawnMongod(found.path, [...where, ...small, "--replSet", name]);
  await server.listening;
  await becomePrimary({ name, port, oplogSizeMb: 16 }, AbortSignal.timeout(60_000));
  return server;
}
