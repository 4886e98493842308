import { access } from "node:fs/promises";
import { MongoClient } from "mongodb";
import { afterEach, describe, expect, it } from "vitest";
import { startReplicaSet, type TestReplicaSet } from "./mongo-replica-set.ts";

let set: TestReplicaSet | undefined;
afterEach(() => set?.dispose());

async function withClient<T>(uri: string, use: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(uri);
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

describe("a replica set of one member", () => {
  it("takes writes, and keeps what was acknowledged over a kill -9 and a start", async () => {
    set = await startReplicaSet();
    await withClient(set.uri, (client) =>
      client
        .db("t")
        .collection("c")
        .insertOne({ n: 1 }, { writeConcern: { w: "majority", j: true } }),
    );
    const pid = set.pid(0);
    await set.kill(0);
    expect(() => process.kill(pid, 0)).toThrow();
    await set.start(0);
    expect(set.pid(0)).not.toBe(pid);
    expect(await withClient(set.uri, (client) => client.db("t").collection("c").countDocuments())).toBe(1);
  });

  it("has the oplog size it was asked for", async () => {
    set = await startReplicaSet({ oplogSizeMb: 10 });
    const stats = await withClient(set.uri, (client) =>
      client.db("local").command({ collStats: "oplog.rs" }),
    );
    expect(stats["maxSize"]).toBe(10 * 1024 * 1024);
  });

  it("stands still while it is paused", async () => {
    set = await startReplicaSet();
    set.pause(0);
    const impatient = new MongoClient(set.uri, { serverSelectionTimeoutMS: 500 });
    await expect(impatient.db("t").command({ ping: 1 })).rejects.toThrow();
    await impatient.close();
    set.resume(0);
    expect(await withClient(set.uri, (client) => client.db("t").command({ ping: 1 }))).toMatchObject({
      ok: 1,
    });
  });

  it("leaves neither process nor data behind, and may be disposed of twice", async () => {
    set = await startReplicaSet();
    const pid = set.pid(0);
    const data = set.dataDir(0);
    await set.dispose();
    await set.dispose();
    expect(() => process.kill(pid, 0)).toThrow();
    await expect(access(data)).rejects.toThrow();
  });

  it("refuses a member that it does not have", async () => {
    set = await startReplicaSet();
    const one = set;
    expect(() => one.pid(1)).toThrow(RangeError);
  });
});

describe("a replica set of three members", { timeout: 60_000 }, () => {
  it("elects another primary when the first is killed, and takes the killed one back", async () => {
    set = await startReplicaSet({ members: 3 });
    const first = await set.primary();
    await set.kill(first);
    const second = await set.primary();
    expect(second).not.toBe(first);
    await set.start(first);
    await withClient(set.uri, (client) =>
      client
        .db("t")
        .collection("c")
        .insertOne({ n: 1 }, { writeConcern: { w: 3 } }),
    );
    expect(await withClient(set.uri, (client) => client.db("t").collection("c").countDocuments())).toBe(1);
  });
});
