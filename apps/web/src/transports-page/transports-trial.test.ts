import { FakeOrdersServer } from "@live-orders/client/fake/orders-server";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LANE_NAMES, type LaneName } from "./lane.ts";
import { TransportsTrial } from "./transports-trial.ts";

let server: FakeOrdersServer;
let trial: TransportsTrial;

beforeEach(async () => {
  server = new FakeOrdersServer();
  await server.start();
  const api = createOrdersApi({ baseUrl: server.url });
  trial = new TransportsTrial({ api, baseUrl: server.url, now: () => Date.now() });
  trial.start();
  await eventually(() => {
    expect(trial.figures().lanes.map(({ state }) => state)).toEqual(LANE_NAMES.map(() => "live"));
  });
});

afterEach(async () => {
  trial.stop();
  await server.stop();
});

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 25_000 });

function lane(name: LaneName) {
  const found = trial.figures().lanes.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no lane ${name}`);
  return found;
}

describe("the same writes seen in five ways", () => {
  it("are seen whole over every transport of the feed, and in part by who reads the table", async () => {
    const { id } = server.insert();
    for (let count = 0; count < 9; count += 1) server.update(id, { product_name: `Write ${count}` });
    await eventually(() => {
      for (const name of LANE_NAMES) expect(lane(name).seen).toBe(name === "table" ? 1 : 10);
    });
    expect(trial.figures().changes).toBe(10);
    for (const name of LANE_NAMES) expect(lane(name).p95).toBeGreaterThanOrEqual(lane(name).p50 ?? Infinity);
    expect(lane("socket.io").bySecond.filter((value) => value !== null)).not.toEqual([]);
  });

  it("cost one request where they are pushed, and requests in vain where they are asked for", async () => {
    await eventually(() => {
      expect(lane("poll").inVain).toBeGreaterThan(1);
      expect(lane("table").inVain).toBeGreaterThan(1);
    });
    for (const name of ["socket.io", "sse"] as const)
      expect(lane(name)).toMatchObject({ requests: 1, inVain: 0 });
    for (const name of LANE_NAMES) expect(lane(name).bytes).toBeGreaterThan(0);
  });
});

describe("a cut", () => {
  it("takes nothing from who has a cursor, and every state but the last from who reads the table", async () => {
    const { id } = server.insert();
    await eventually(() => {
      for (const name of LANE_NAMES) expect(lane(name).seen).toBe(1);
    });
    const states: string[][] = [];
    const leave = trial.subscribe(() => {
      if (trial.figures().cut.kind !== "cut") return;
      leave();
      states.push(trial.figures().lanes.map(({ state }) => state));
      for (let count = 0; count < 6; count += 1) server.update(id, { product_name: `Away ${count}` });
    });
    trial.cut(1);
    await eventually(() => {
      expect(trial.figures().cut).toMatchObject({ kind: "done", changes: 6, seconds: 1 });
    });
    expect(states).toEqual([LANE_NAMES.map(() => "cut")]);
    const { cut } = trial.figures();
    if (cut.kind !== "done") throw new Error("it is not done");
    for (const { name, got, lost, completeAfter } of cut.outcomes) {
      expect({ name, got, lost }).toEqual(
        name === "table" ? { name, got: 1, lost: 5 } : { name, got: 6, lost: 0 },
      );
      expect(completeAfter === null).toBe(name === "table");
    }
  });

  it("does nothing while another one is looked at", async () => {
    trial.cut(1);
    trial.cut(15);
    await eventually(() => {
      expect(trial.figures().cut).toMatchObject({ kind: "done", seconds: 1, changes: 0 });
    });
  });
});

it("stops every request and connection, and begins anew from nothing", async () => {
  trial.stop();
  expect(trial.figures().lanes).toEqual([]);
  await eventually(() => {
    expect(server.sockets).toBe(0);
  });
  server.insert();
  trial.start();
  await eventually(() => {
    expect(lane("sse").state).toBe("live");
  });
  expect(trial.figures().changes).toBe(0);
});
