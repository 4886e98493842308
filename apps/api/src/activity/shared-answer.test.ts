import { expect, it, vi } from "vitest";
import { SharedAnswer } from "./shared-answer.ts";

it("reads once for all who ask at the same time, and soon after, each key on its own", async () => {
  const read = vi.fn((key: string) => Promise.resolve(`${key}!`));
  const answers = new SharedAnswer(read);
  expect(await Promise.all([answers.get("a"), answers.get("a"), answers.get("b")])).toEqual([
    "a!",
    "a!",
    "b!",
  ]);
  await answers.get("a");
  expect(read).toHaveBeenCalledTimes(2);
});

it("reads anew after a second, and at once after a failure", async () => {
  vi.useFakeTimers();
  const read = vi.fn<(key: string) => Promise<string>>();
  read.mockRejectedValueOnce(new Error("away")).mockResolvedValue("there");
  const answers = new SharedAnswer(read);
  await expect(answers.get("a")).rejects.toThrow("away");
  expect(await answers.get("a")).toBe("there");
  vi.advanceTimersByTime(999);
  await answers.get("a");
  expect(read).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1);
  await answers.get("a");
  expect(read).toHaveBeenCalledTimes(3);
  vi.useRealTimers();
});
