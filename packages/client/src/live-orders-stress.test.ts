import { STATUSES, type Status } from "@live-orders/protocol/status";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventually, kindOf, useLiveOrdersServer } from "./fake/live-orders-server.ts";
import type { PendingWrite } from "./live-orders.ts";

const on = useLiveOrdersServer();

type Act =
  | { kind: "theirs"; op: "insert" | "update" | "remove"; pick: number; status: Status }
  | { kind: "create"; status: Status }
  | { kind: "edit"; pick: number; status: Status }
  | { kind: "remove"; pick: number }
  | { kind: "cut" | "forget" | "restart" | "breathe" }
  | { kind: "fate"; every: number }
  | { kind: "statuses"; statuses: Status[] };

const status = fc.constantFrom(...STATUSES);
const pick = fc.nat(1000);
const op = fc.constantFrom("insert" as const, "update" as const, "remove" as const);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant("theirs" as const), op, pick, status }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("create" as const), status }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("edit" as const), pick, status }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), pick }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("breathe" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("cut" as const, "forget" as const, "restart" as const) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("fate" as const), every: fc.integer({ min: 2, max: 9 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("statuses" as const),
      statuses: fc.subarray([...STATUSES], { minLength: 1 }),
    }),
  },
);

const pickOf = <Value>(values: readonly Value[], index: number): Value | undefined =>
  values.length === 0 ? undefined : values[index % values.length];

/** Plays acts against a server and a client, as quickly as they come. */
async function play(acts: readonly Act[]): Promise<readonly PendingWrite[]> {
  for (let count = 0; count < 30; count += 1) on.server.insert({ status: STATUSES[count % 3] ?? "pending" });
  const live = on.open({ firstLimit: 5, limit: 7 });
  const writes: PendingWrite[] = [];
  const rowAt = (index: number) => pickOf([...live.orders()], index)?.id;
  let requests = 0;
  for (const one of acts) {
    switch (one.kind) {
      case "theirs": {
        const id = pickOf(on.server.history.rows(), one.pick)?.id;
        if (one.op === "insert" || id === undefined) on.server.insert({ status: one.status });
        else if (one.op === "update") on.server.update(id, { status: one.status });
        else on.server.remove(id);
        break;
      }
      case "create":
        writes.push(live.create({ customer_name: "Ann", product_name: "Chair", status: one.status }));
        break;
      case "edit":
      case "remove": {
        const id = rowAt(one.pick);
        if (id === undefined) break;
        writes.push(one.kind === "remove" ? live.remove(id) : live.edit(id, { status: one.status }));
        break;
      }
      case "cut":
        on.server.cut();
        break;
      case "forget":
        on.server.forgetHistory();
        break;
      case "restart":
        await on.server.stop();
        await on.server.start();
        break;
      case "breathe":
        await new Promise((resolve) => setTimeout(resolve, 2));
        break;
      case "fate":
        on.server.fate = () => ((requests += 1) % one.every === 0 ? "cut-after" : "answer");
        break;
      case "statuses":
        live.setStatuses(one.statuses);
    }
    live.reconnectNow();
  }
  on.server.fate = () => "answer";
  await eventually(() => {
    // After many failures in a row the waits are long.
    live.reconnectNow();
    expect(kindOf(live)).toBe("live");
  });
  await on.settle(live);
  await Promise.all(writes.map(({ done }) => done));
  await on.settle(live);
  expect(live.status()).toMatchObject({ saving: 0, waiting: 0 });
  return writes;
}

describe("a live collection under everything at once", () => {
  it("C-LIVE-11: ends with the server's orders, each write made once or refused", async () => {
    const first = Date.now() % 1_000_000;
    for (let seed = first; seed < first + 6; seed += 1) {
      const [acts = []] = fc.sample(fc.array(act, { minLength: 80, maxLength: 160, size: "max" }), {
        numRuns: 1,
        seed,
      });
      const writes = await play(acts).catch((cause: unknown) => {
        throw new Error(`seed ${seed}: ${String(cause)}`, { cause });
      });
      const outcomes = await Promise.all(writes.map(({ done }) => done));
      const created = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.order.id] : []));
      expect(created.every((id) => id > 0)).toBe(true);
      const keys = on.server.history.changes.flatMap(({ key }) => (key === undefined ? [] : [key]));
      expect(new Set(keys).size).toBe(keys.length);
      await on.end();
      await on.begin();
    }
  }, 120_000);
});
