import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { WakeUp } from "@live-orders/store/wake-up";
import { usePostgres } from "@live-orders/testkit/use-postgres";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { connect, openStore } from "../test/postgres-stores.ts";
import { FEED_APPLICATION, OutboxListener } from "./outbox-listener.ts";
import type { OpenPostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
const one = z.object({ one: z.number() });
let store: OpenPostgresStore;
let listener: OutboxListener;
let wakeUp: WakeUp;

beforeEach(async () => {
  store = await openStore({ url: postgres.url });
  wakeUp = new WakeUp();
  listener = await OutboxListener.connect(postgres.url, wakeUp);
});
afterEach(async () => {
  listener.close();
  await store.close();
});

/** Has the collector run, whatever the process was started with. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
}

it("keeps nothing of what its statements gave, however long it lives", async () => {
  const answers: WeakRef<object>[] = [];
  for (let asked = 0; asked < 50; asked += 1) {
    answers.push(new WeakRef(await listener.run("SELECT 1 AS one", [], one)));
  }
  await turn();
  collectGarbage();
  // The last one may still be a register's, or the driver's.
  expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(3);
});

it("ends the statement under way with the failure of its connection, calls who waits, and takes no other", async () => {
  const calls = wakeUp.count;
  const sleeping = expect(listener.run("SELECT 1 AS one FROM pg_sleep(60)", [], one)).rejects.toThrow(
    "terminating connection",
  );
  const psql = await connect(postgres.url);
  const backends = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1";
  await psql.query(`SELECT pg_terminate_backend(pid) ${backends}`, [FEED_APPLICATION]);
  await psql.end();
  await sleeping;
  await expect.poll(() => wakeUp.count).toBeGreaterThan(calls);
  await expect(listener.run("SELECT 1 AS one", [], one)).rejects.toThrow();
});
