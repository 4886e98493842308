import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { WakeUp } from "./wake-up.ts";

const never = new AbortController().signal;
const LONG = 600_000;

it("wakes all who wait", async () => {
  const wakeUp = new WakeUp();
  const waits = [1, 2, 3].map(() => wakeUp.after(wakeUp.count, LONG, never));
  wakeUp.call();
  await Promise.all(waits);
});

it("does not lose a call between the look and the wait", async () => {
  const wakeUp = new WakeUp();
  const seen = wakeUp.count;
  wakeUp.call();
  await wakeUp.after(seen, LONG, never);
});

it("does not wake for a call from before the look", async () => {
  const wakeUp = new WakeUp();
  wakeUp.call();
  const wait = wakeUp.after(wakeUp.count, LONG, never).then(() => "woken");
  expect(await Promise.race([wait, delay(5, "asleep")])).toBe("asleep");
  wakeUp.call();
  expect(await wait).toBe("woken");
});

it("ends a wait at its limit, and when its signal aborts", async () => {
  const wakeUp = new WakeUp();
  await wakeUp.after(wakeUp.count, 1, never);
  const ending = new AbortController();
  const wait = wakeUp.after(wakeUp.count, LONG, ending.signal);
  ending.abort();
  await wait;
  await wakeUp.after(wakeUp.count, LONG, ending.signal);
});
