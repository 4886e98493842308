import { expect, it } from "vitest";
import type { ApiResult } from "./api-error.ts";
import { CountsPoller } from "./counts-poller.ts";
import { ManualClock, settlePromises } from "./fake/manual-clock.ts";
import { createOrdersApi } from "./orders-api.ts";
import type { Counts } from "@live-orders/protocol/http-orders";

it("C-LIVE-5: a server that is slow to count is asked once at a time, and soon again if there were changes", async () => {
  const clock = new ManualClock();
  const answers: ((answer: ApiResult<Counts>) => void)[] = [];
  const api = {
    ...createOrdersApi(),
    counts: () => new Promise<ApiResult<Counts>>((done) => answers.push(done)),
  };
  const poller = new CountsPoller(api, clock, () => undefined);
  poller.start();
  for (let second = 0; second < 15; second += 1) {
    poller.changed();
    clock.pass(1_000);
  }
  expect(answers).toHaveLength(1);
  answers[0]?.({ ok: false, error: { kind: "unreachable", cause: "slow" } });
  await settlePromises();
  expect(clock.waits()).toEqual([1_000]);
  clock.pass(1_000);
  expect(answers).toHaveLength(2);
  poller.stop();
});
