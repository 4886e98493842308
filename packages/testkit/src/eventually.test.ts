import { expect, it, vi } from "vitest";
import { eventually } from "./eventually.ts";

it("gives the value of the first attempt that neither throws nor gives false", async () => {
  const attempt = vi
    .fn<() => number | false>()
    .mockImplementationOnce(() => {
      throw new Error("not yet");
    })
    .mockReturnValueOnce(false)
    .mockReturnValueOnce(0);
  expect(await eventually(attempt)).toBe(0);
  expect(attempt).toHaveBeenCalledTimes(3);
});

it("takes an attempt that gives nothing as one that holds", async () => {
  expect(await eventually(() => undefined)).toBeUndefined();
});

it("throws at the bound, with the last failure as its cause", async () => {
  const cause = new Error("the row is missing");
  const late = eventually(() => Promise.reject(cause), { within: 30 });
  await expect(late).rejects.toThrow("Not within 30 ms: the row is missing");
  await expect(late).rejects.toMatchObject({ cause });
});

it("says so when the condition was false to the end", async () => {
  await expect(eventually(() => false, { within: 20 })).rejects.toThrow("the condition is false");
});

it("cuts an attempt off that never ends", async () => {
  await expect(eventually(() => new Promise(() => undefined), { within: 20 })).rejects.toThrow(
    "the attempt did not end",
  );
});
