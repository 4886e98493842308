import { MongoClient } from "mongodb";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type ReplicaSetOptions, startReplicaSet, type TestReplicaSet } from "./mongo-replica-set.ts";

/** What {@link useMongo} gives; its fields may be read from `beforeEach` on, not while the file is collected. */
export interface MongoForTests {
  readonly set: TestReplicaSet;
  readonly uri: string;
  /** Connected to the set; closed after the file's last test. */
  readonly client: MongoClient;
  /** A database that no other test of this file has used. */
  readonly database: string;
}

interface Running {
  set: TestReplicaSet;
  client: MongoClient;
}

const START_LIMIT_MS = 120_000;

/** One replica set for a test file, and a fresh database name for each test. Call it at the top of a file. */
export function useMongo(options: ReplicaSetOptions = {}): MongoForTests {
  let running: Running | undefined;
  let tests = 0;
  const started = (): Running => {
    if (!running) throw new Error("useMongo: the replica set runs from beforeAll to afterAll");
    return running;
  };
  beforeAll(async () => {
    const set = await startReplicaSet(options);
    running = { set, client: new MongoClient(set.uri) };
    await running.client.connect();
  }, START_LIMIT_MS);
  beforeEach(() => {
    tests += 1;
  });
  afterAll(async () => {
    await running?.client.close();
    await running?.set.dispose();
  });
  return {
    get set() {
      return started().set;
    },
    get uri() {
      return started().set.uri;
    },
    get client() {
      return started().client;
    },
    get database() {
      return `test_${tests}`;
    },
  };
}
