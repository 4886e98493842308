import type { Counts } from "@live-orders/protocol/http-orders";
import { expect, it } from "vitest";
import { CountsPoller } from "./counts-poller.ts";
import { ManualClock, settlePromises } from "./fake/manual-clock.ts";
import { createOrdersApi } from "./orders-api.ts";

const COUNTS: Counts = { pending: 1, shipped: 0, delivered: 0, total: 1, position: "p1" };

it("C-LIVE-5: the counts are asked for within a second of a change, also when the clock was set back", async () => {
  const steady = new ManualClock();
  let offset = 0;
  const clock = { now: () => steady.now() + offset, after: steady.after.bind(steady) };
  const seen: Counts[] = [];
  const answer = () => Promise.resolve(Response.json(COUNTS));
  const api = createOrdersApi({ baseUrl: "http://node", fetch: answer, clock });
  const poller = new CountsPoller(api, clock, (counts) => void seen.push(counts));
  poller.start();
  await settlePromises();
  expect(seen).toHaveLength(1);
  offset = -3_600_000;
  poller.changed();
  steady.pass(1000);
  await settlePromises();
  expect(seen).toHaveLength(2);
  poller.stop();
  expect(steady.waits()).toEqual([]);
});
