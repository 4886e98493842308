import { expect, it } from "vitest";
import { HandClock } from "../live/hand-clock.ts";
import { createToasts } from "./toasts.ts";

it("shows the latest four, and each for its time", () => {
  const clock = new HandClock();
  const toasts = createToasts(clock);
  for (const text of ["1", "2", "3", "4", "5"]) toasts.show({ text });
  toasts.show({ text: "why", tone: "failure" });
  expect(toasts.list().map(({ text }) => text)).toEqual(["3", "4", "5", "why"]);
  clock.pass(8000);
  expect(toasts.list().map(({ text }) => text)).toEqual(["why"]);
  clock.pass(7000);
  expect(toasts.list()).toEqual([]);
});

it("keeps them while a person points at them", () => {
  const clock = new HandClock();
  const toasts = createToasts(clock);
  toasts.show({ text: "1" });
  toasts.pause(true);
  clock.pass(20_000);
  expect(toasts.list().length).toBe(1);
  toasts.pause(false);
  clock.pass(8000);
  expect(toasts.list()).toEqual([]);
});
