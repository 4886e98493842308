import { expect, it } from "vitest";
import { describeEnd, runBounded } from "./bounded-command.ts";

const sh = (script: string) => ({ command: "/bin/sh", args: ["-c", script] });

it("gives the exit code and the lines of both streams, without empty ones", async () => {
  const lines: string[] = [];
  const end = await runBounded({
    ...sh("echo one; echo; echo two >&2; exit 3"),
    limitMs: 30_000,
    onLine: (line) => lines.push(line),
  });
  expect(end).toMatchObject({ kind: "ended", code: 3 });
  expect(lines.toSorted()).toEqual(["one", "two"]);
});

it("keeps only the last 40 lines", async () => {
  const end = await runBounded({
    ...sh("n=0; while [ $n -lt 100 ]; do n=$((n+1)); echo $n; done"),
    limitMs: 30_000,
  });
  if (end.kind !== "ended") throw new Error(end.kind);
  expect(end.output).toHaveLength(40);
  expect(end.output.at(-1)).toBe("100");
});

it("kills a command that is not done at its limit", async () => {
  expect(await runBounded({ ...sh("echo here; exec sleep 600"), limitMs: 300 })).toEqual({
    kind: "timed-out",
    seconds: 0.3,
    output: ["here"],
  });
});

it("kills a command that falls silent, and lets one go on that keeps talking", async () => {
  const silent = await runBounded({ ...sh("echo here; exec sleep 600"), limitMs: 60_000, idleMs: 200 });
  expect(silent).toMatchObject({ kind: "timed-out", seconds: 0.2 });
  const talking = sh("for n in 1 2 3 4 5 6 7 8; do echo $n; sleep 0.1; done");
  expect(await runBounded({ ...talking, limitMs: 60_000, idleMs: 700 })).toMatchObject({
    kind: "ended",
    code: 0,
  });
});

it("says so when there is no such program", async () => {
  const end = await runBounded({ command: "/no/such/program", args: [], limitMs: 30_000 });
  expect(end).toMatchObject({ kind: "not-started" });
  expect(describeEnd(end)).toContain("ENOENT");
});

it("describes an end by its error line, else by its last", () => {
  const output = ["Collecting", "ERROR: no such version", "at x.js:1"];
  expect(describeEnd({ kind: "ended", code: 1, output })).toBe("ended with 1: ERROR: no such version");
  expect(describeEnd({ kind: "ended", code: 1, output: ["a", "b"] })).toBe("ended with 1: b");
  expect(describeEnd({ kind: "timed-out", seconds: 5, output: [] })).toBe("no answer within 5 s");
});
