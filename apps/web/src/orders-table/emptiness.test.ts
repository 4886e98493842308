import { expect, it } from "vitest";
import { emptinessOf } from "./emptiness.ts";

const bounded = {
  snapshot: { kind: "bounded", loaded: 100_000 },
  connection: { kind: "live", lag: null },
  reading: { kind: "idle" },
  q: "chair",
  firstRun: false,
} as const;

it("nothing matches when the server has been asked for what is not held", () => {
  expect(emptinessOf({ ...bounded, reading: { kind: "reading" } })).toBeNull();
  expect(emptinessOf(bounded)).toEqual({ kind: "no-match" });
});

it("is a failure to ask again when the server could not be asked for it", () => {
  const reading = { kind: "failed", error: { kind: "unreachable", cause: "cut" } } as const;
  const why = "The server cannot be reached (cut)";
  expect(emptinessOf({ ...bounded, reading })).toEqual({ kind: "failure", why, ask: "list" });
  const complete = { kind: "complete", loaded: 5 } as const;
  expect(emptinessOf({ ...bounded, reading, snapshot: complete })).toEqual({ kind: "no-match" });
});
