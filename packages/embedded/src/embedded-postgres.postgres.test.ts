import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EmbeddedError } from "./embedded-failure.ts";
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./embedded-postgres.ts";
import { isAlive } from "./process-life.ts";

const program = fileURLToPath(new URL("fixtures/postgres-owner.ts", import.meta.url));
const wait = { timeout: 60_000, interval: 10 };
let root = "";
let running: EmbeddedPostgres[] = [];
let owners: ChildProcess[] = [];

beforeEach(async () => {
  // Of mode 0700: as root, the server's user has to be let in.
  root = await mkdtemp(join(tmpdir(), "embedded-postgres-"));
});
afterEach(async () => {
  for (const owner of owners) owner.kill("SIGKILL");
  await Promise.all(running.map((server) => server.stop()));
  [running, owners] = [[], []];
  await rm(root, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: join(root, "data"), port: 0, ...options });
  running.push(server);
  return server;
}

async function errorOf(options: Partial<EmbeddedPostgresOptions>): Promise<EmbeddedError> {
  const error: unknown = await start(options).catch((reason: unknown) => reason);
  if (error instanceof EmbeddedError) return error;
  throw new Error("It started", { cause: error });
}

async function numbersAfter(port: number, n: number): Promise<number[]> {
  const client = new Client({ connectionString: `postgres://postgres@127.0.0.1:${port}/postgres` });
  await client.connect();
  try {
    await client.query("CREATE TABLE IF NOT EXISTS numbers (n integer)");
    await client.query("INSERT INTO numbers VALUES ($1)", [n]);
    const { rows } = await client.query<{ n: number }>("SELECT n FROM numbers ORDER BY n");
    return rows.map((row) => row.n);
  } finally {
    await client.end();
  }
}

function pidOf(server: EmbeddedPostgres): number {
  if (server.pid === undefined) throw new Error("The server is down");
  return server.pid;
}

describe("a start", () => {
  it("keeps the data over a stop and a start, on the same port and on another, and says what it does", async () => {
    const lines: string[] = [];
    const first = await start({ onLog: (line) => lines.push(line) });
    expect(await numbersAfter(first.port, 1)).toEqual([1]);
    await first.stop();
    expect(lines).toEqual([
      "Making a new PostgreSQL database …",
      `PostgreSQL is ready on 127.0.0.1:${first.port}`,
      "PostgreSQL has stopped",
    ]);
    const again = await start({ port: first.port });
    expect(await numbersAfter(again.port, 2)).toEqual([1, 2]);
    await again.stop();
    const moved = await start();
    expect(await numbersAfter(moved.port, 3)).toEqual([1, 2, 3]);
  });

  it("goes over a database that was cut short while it was made", async () => {
    const cutShort = new AbortController();
    const starting = errorOf({ signal: cutShort.signal, onLog: () => cutShort.abort() });
    expect((await starting).failure).toEqual({ kind: "aborted" });
    await writeFile(join(root, "data", "cluster.new"), "half of it");
    await start();
  });

  it("goes over a lock file whose process id now belongs to another program", async () => {
    const first = await start();
    process.kill(pidOf(first), "SIGKILL");
    await first.stop();
    const lock = join(root, "data", "cluster", "postmaster.pid");
    const lines = ["1", ...(await readFile(lock, "utf8").catch(() => "")).split("\n").slice(1)];
    await writeFile(lock, lines.join("\n"));
    await start();
  });
});

describe("a server that dies by itself", () => {
  it("comes back on its port with all that was committed, as often as it is killed", async () => {
    const states: string[] = [];
    const server = await start({ onState: (state) => states.push(state.kind) });
    for (const n of [1, 2]) {
      expect(await numbersAfter(server.port, n)).toHaveLength(n);
      const pid = pidOf(server);
      process.kill(pid, "SIGKILL");
      await vi.waitFor(() => expect(server.pid).not.toBe(pid), wait);
      await vi.waitFor(() => expect(server.pid).toBeDefined(), wait);
    }
    expect(await numbersAfter(server.port, 3)).toEqual([1, 2, 3]);
    expect(states.filter((state) => state === "down").length).toBeGreaterThanOrEqual(2);
  });

  it("can be stopped while it is down", async () => {
    const server = await start();
    process.kill(pidOf(server), "SIGKILL");
    await vi.waitFor(() => expect(server.pid).toBeUndefined(), wait);
    await server.stop();
    expect(server.pid).toBeUndefined();
    await start({ port: server.port });
  });
});

describe("a stop", () => {
  it("ends the process though clients are connected, and may come twice", async () => {
    const server = await start();
    const client = new Client({ connectionString: server.uri.replace("live_orders", "postgres") });
    client.on("error", () => undefined);
    await client.connect();
    const pid = pidOf(server);
    await Promise.all([server.stop(), server.stop()]);
    expect(await isAlive(pid)).toBe(false);
  });

  it("comes with the signal, before the server is ready and after", async () => {
    expect((await errorOf({ signal: AbortSignal.abort() })).message).toBe(
      "The start of PostgreSQL was called off.",
    );
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
    expect((await errorOf({})).failure).toEqual(failure);
    expect((await errorOf({ port: holder.port })).failure).toEqual(failure);
    expect(await numbersAfter(holder.port, 1)).toEqual([1]);
  });

  it("says that the port is in use", async () => {
    const { port } = await start();
    const error = await errorOf({ port, dataDir: join(root, "other") });
    expect(error.failure).toEqual({ kind: "port-in-use", port });
  });

  it("says that the data folder cannot be written", async () => {
    await writeFile(join(root, "file"), "");
    const dataDir = join(root, "file", "data");
    expect((await errorOf({ dataDir })).failure).toMatchObject({ kind: "data-dir-not-writable", dataDir });
  });

  it("leaves files of another version as they are, and says so", async () => {
    const server = await start();
    await server.stop();
    const version = join(root, "data", "cluster", "PG_VERSION");
    await writeFile(version, "12\n");
    const error = await errorOf({});
    expect(error.failure).toMatchObject({ kind: "data-incompatible" });
    expect(error.message).toContain("its files are of PostgreSQL 12");
  });
});

describe.runIf(process.getuid?.() === 0)("as root", () => {
  it("keeps the files where the server's user can reach them, if it can't reach the data folder", async () => {
    const dataDir = join(root, "far", "down", "data");
    const lines: string[] = [];
    const first = await start({ dataDir, onLog: (line) => lines.push(line) });
    const folder = /its files are in (.*)$/.exec(lines[0] ?? "")?.[1] ?? "";
    try {
      expect(await numbersAfter(first.port, 1)).toEqual([1]);
      expect(await readFile(join(dataDir, "cluster", "PG_VERSION"), "utf8")).toBe("18\n");
      await first.stop();
      const again = await start({ dataDir });
      expect(await numbersAfter(again.port, 2)).toEqual([1, 2]);
      await again.stop();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("makes no new database in place of one that its user can't reach any more", async () => {
    await start().then((server) => server.stop());
    await mkdir(join(root, "far", "down"), { recursive: true });
    await rename(join(root, "data"), join(root, "far", "down", "data"));
    await chmod(root, 0o700);
    const dataDir = join(root, "far", "down", "data");
    expect((await errorOf({ dataDir })).failure).toMatchObject({ kind: "data-dir-not-writable", dataDir });
  });
});

describe("the owner of a server", () => {
  it("killed by kill -9 leaves no server behind, and the next start finds the data", async () => {
    const owner = await startOwner();
    expect(await numbersAfter(owner.port, 1)).toEqual([1]);
    owner.process.kill("SIGKILL");
    await once(owner.process, "exit");
    const next = await start({ port: owner.port });
    expect(await isAlive(owner.server)).toBe(false);
    expect(await numbersAfter(next.port, 2)).toEqual([1, 2]);
  });

  it("killed by kill -9 leaves no server behind, even one that stands still, if nobody starts again", async () => {
    const owner = await startOwner();
    process.kill(owner.server, "SIGSTOP");
    owner.process.kill("SIGKILL");
    await vi.waitFor(async () => expect(await isAlive(owner.server)).toBe(false), wait);
  });

  it("gets a Ctrl-C alone, and ends its server in good order", async () => {
    const owner = await startOwner();
    process.kill(-(owner.process.pid ?? 0), "SIGINT");
    await once(owner.process, "exit");
    expect(owner.process.exitCode).toBe(0);
    await vi.waitFor(() => expect(owner.lines[1]).toBe("stopped"), wait);
    expect(await isAlive(owner.server)).toBe(false);
  });
});

/** In a group of its own, as a shell starts it. */
async function startOwner() {
  const child = spawn(process.execPath, ["--import", "tsx", program, join(root, "data")], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  owners.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await vi.waitFor(() => expect(lines).toHaveLength(1), wait);
  const match = /"pid":(\d+),"port":(\d+)/.exec(lines[0] ?? "");
  return { process: child, server: Number(match?.[1]), port: Number(match?.[2]), lines };
}
