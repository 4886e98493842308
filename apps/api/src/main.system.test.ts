import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findMongod } from "@live-orders/embedded/mongod-binary";
import { orderAnswerSchema } from "@live-orders/protocol/http-orders";
import { eventually } from "@live-orders/testkit/eventually";
import { MongoClient } from "mongodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { call } from "../test/call.ts";
import { EventStreamClient } from "../test/event-stream-client.ts";
import { runServerProcess, type ServerRun } from "../test/server-process.ts";
import { SocketClient } from "../test/socket-client.ts";
import { urlOf } from "./listening.ts";

let folder: string;
let runs: ServerRun[];
beforeEach(async () => {
  runs = [];
  folder = await mkdtemp(join(tmpdir(), "live-orders-"));
});
afterEach(async () => {
  for (const run of runs) {
    if (run.child.exitCode === null && run.child.signalCode === null) run.child.kill("SIGTERM");
    await run.ended;
  }
  await rm(folder, { recursive: true, force: true });
});

function run(env: Record<string, string> = {}): ServerRun {
  const started = runServerProcess({ DATA_DIR: join(folder, "data"), LOG_LEVEL: "warn", ...env });
  runs.push(started);
  return started;
}

/** Nothing but one line. That it comes within 10 s is left out: the tests' machine may be busy. */
async function expectOneLine(started: ServerRun, line: RegExp): Promise<void> {
  expect(await started.ended).toBe(1);
  expect(started.stderr()).toMatch(line);
  expect(started.stderr().trimEnd().split("\n")).toHaveLength(1);
}

const listening = (): Promise<Server> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => resolve(server));
  });

describe("a start that can't be: one line that says what to do, exit status 1", () => {
  it("a wrong variable", async () => {
    await expectOneLine(run({ PORT: "http" }), /PORT is not valid: set it to a port/);
  });

  it("a HOST that opens the network", async () => {
    await expectOneLine(run({ HOST: "0.0.0.0" }), /ALLOW_OPEN_NETWORK=1/);
  });

  it("a port in use", async () => {
    const other = await listening();
    const port = new URL(urlOf(other)).port;
    await expectOneLine(run({ PORT: port }), new RegExp(`Port ${port} is in use.*PORT`));
    other.close();
  });

  it("a database port in use", async () => {
    const other = await listening();
    const port = new URL(urlOf(other)).port;
    await expectOneLine(run({ EMBEDDED_DB_PORT: port }), new RegExp(`Port ${port}.*in use`));
    other.close();
  });

  it("a database that does not answer, without the password of its URL", async () => {
    const started = run({ DATABASE_URL: "mongodb://me:secret@127.0.0.1:1/?replicaSet=rs" });
    await expectOneLine(started, /DATABASE_URL|MongoDB/);
    expect(started.stderr() + started.stdout()).not.toContain("secret");
  });

  it("a mongod that is no replica set", async () => {
    const mongod = await startStandalone();
    await expectOneLine(run({ DATABASE_URL: mongod.uri }), /replica set/);
    mongod.process.kill("SIGKILL");
  });
});

async function startStandalone(): Promise<{ uri: string; process: ChildProcess }> {
  const found = await findMongod();
  if (found.kind === "missing") throw new Error("no mongod");
  const probe = await listening();
  const { port } = new URL(urlOf(probe));
  await new Promise((resolve) => probe.close(resolve));
  const args = [
    "--dbpath",
    folder,
    "--port",
    port,
    "--bind_ip",
    "127.0.0.1",
    "--wiredTigerCacheSizeGB",
    "0.25",
  ];
  const mongod = spawn(found.path, [...args, "--nounixsocket"], { stdio: "ignore" });
  const uri = `mongodb://127.0.0.1:${port}/`;
  await eventually(
    async () => {
      const client = new MongoClient(uri, { serverSelectionTimeoutMS: 200 });
      try {
        await client.db("admin").command({ ping: 1 });
      } finally {
        await client.close();
      }
    },
    { within: 30_000, every: 100 },
  );
  return { uri, process: mongod };
}

describe("a server with an embedded database", () => {
  it("says where it is and where its database is, and how to write to it directly", async () => {
    const started = run();
    const url = await started.url();
    const uri = /Its database is at (\S+)/.exec(started.stdout())?.[1] ?? "";
    expect(started.stdout()).toContain("db.orders.updateOne");
    const client = new SocketClient(url);
    await client.watch({ statuses: ["shipped"] });
    const { order } = orderAnswerSchema.parse(
      (
        await call(url, "POST", "/api/orders", { body: { customer_name: "Ada", product_name: "Chair" } })
      ).json(),
    );
    const mongo = new MongoClient(uri);
    const edit = { $set: { status: "shipped" } };
    await mongo.db().collection<{ _id: number }>("orders").updateOne({ _id: order.id }, edit);
    await mongo.close();
    await eventually(() => client.changes.length === 1);
    expect(client.changes[0]).toMatchObject({
      op: "update",
      before: order,
      after: { ...order, status: "shipped" },
    });
    client.close();
  });

  it("on SIGTERM tells its readers, ends with status 0, and has its orders after the next start", async () => {
    const first = run();
    const url = await first.url();
    const answer = await call(url, "POST", "/api/orders", {
      body: { customer_name: "Ada", product_name: "Chair" },
    });
    const { order } = orderAnswerSchema.parse(answer.json());
    const client = new SocketClient(url);
    await client.watch({ statuses: ["pending"] });
    const reason = new Promise((resolve) => client.socket.once("disconnect", resolve));
    const stream = await EventStreamClient.open(`${url}/api/changes/stream`);
    first.child.kill("SIGTERM");
    expect(await reason).toBe("transport close");
    await eventually(() => stream.ended);
    expect(await first.ended).toBe(0);
    client.close();

    const second = run();
    const read = await call(await second.url(), "GET", `/api/orders/${order.id}`);
    expect(orderAnswerSchema.parse(read.json()).order).toEqual(order);
  });
});
