import type { ApiResult } from "@live-orders/client/api-error";
import type { LiveOrders, LoadQuery } from "@live-orders/client/live-orders";
import { expect, it } from "vitest";
import { ListReading } from "./list-reading.ts";

const FAILED = { ok: false, error: { kind: "unreachable", cause: "cut" } } as const;

/** A reading whose answers are given by hand, each to the request of its number. */
function setting() {
  const asked: { query: LoadQuery; signal: AbortSignal | undefined }[] = [];
  const answers: ((answer: ApiResult<number[]>) => void)[] = [];
  const load: LiveOrders["load"] = (query, { signal } = {}) => {
    asked.push({ query, signal });
    return new Promise((resolve) => answers.push(resolve));
  };
  const reading = new ListReading({ load });
  const answer = async (request: number, result: ApiResult<number[]>) => {
    answers[request]?.(result);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { reading, asked, answer };
}

it("reads what is asked for, and tells when it is in", async () => {
  const { reading, answer } = setting();
  const told: string[] = [];
  reading.subscribe(() => void told.push(reading.state().kind));
  reading.ask({ q: "chair" });
  await answer(0, { ok: true, value: [1] });
  expect(told).toEqual(["reading", "idle"]);
  expect(reading.ids()).toEqual(new Set([1]));
  reading.ask({ q: "desk" });
  expect(reading.ids().size).toBe(0);
});

it("says why it failed, and asks for the same again when it is told to", async () => {
  const { reading, asked, answer } = setting();
  reading.ask({ q: "chair" });
  await answer(0, FAILED);
  expect(reading.state()).toEqual({ kind: "failed", error: FAILED.error });
  reading.again();
  expect([reading.state().kind, asked[1]?.query]).toEqual(["reading", { q: "chair" }]);
});

it("calls off what was asked for before, and hears no late answer", async () => {
  const { reading, asked, answer } = setting();
  reading.ask({ q: "chair" });
  reading.ask({ q: "desk" });
  expect(asked.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
  await answer(0, FAILED);
  expect(reading.state().kind).toBe("reading");
  await answer(1, { ok: true, value: [2] });
  expect(reading.state().kind).toBe("idle");
});

it("is idle when nothing is to be read any more", async () => {
  const { reading, answer } = setting();
  reading.ask({ q: "chair" });
  reading.ask(null);
  await answer(0, FAILED);
  expect(reading.state().kind).toBe("idle");
});
