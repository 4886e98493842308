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

it("lets the database rest four times as long as a reading took, and five seconds at most", async () => {
  vi.useFakeTimers();
  const read = vi.fn((ms: number) => new Promise<number>((resolve) => setTimeout(() => resolve(ms), ms)));
  const answers = new SharedAnswer(read);
  for (const [tookMs, restMs] of [
    [700, 2800],
    [2000, 5000],
  ] as const) {
    read.mockClear();
    void answers.get(tookMs);
    await vi.advanceTimersByTimeAsync(tookMs + restMs - 1);
    void answers.get(tookMs);
    expect(read).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    void answers.get(tookMs);
    expect(read).toHaveBeenCalledTimes(2);
  }
  vi.useRealTimers();
});
