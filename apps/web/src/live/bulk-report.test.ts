import { problem } from "@live-orders/protocol/problem";
import { expect, it } from "vitest";
import { reportOf, reportWord } from "./bulk-report.ts";

const done = { kind: "answered", result: { status: 200 } } as const;
const refused = {
  kind: "answered",
  result: { status: 404, problem: problem("not-found", { detail: "", requestId: "1" }) },
} as const;
const cut = { kind: "failed", error: { kind: "unreachable", cause: "no network" } } as const;

it("gives each row that was not written its reason", () => {
  const report = reportOf([1, 2, 3, 4], [done, refused, cut]);
  expect(report.done).toBe(1);
  expect([...report.failed]).toEqual([
    [2, "the order was deleted meanwhile"],
    [3, "The server cannot be reached (no network)"],
    [4, "there was no answer"],
  ]);
});

it("says how many were written, and why others were not", () => {
  expect(reportWord(reportOf([1, 2], [done, done]), "moved to Shipped")).toBe("2 orders moved to Shipped");
  expect(reportWord(reportOf([1, 2], [done, refused]), "deleted")).toBe(
    "1 of 2 orders deleted; 1 not: the order was deleted meanwhile",
  );
});
