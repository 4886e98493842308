import { describe, expect, it } from "vitest";
import { describeFailure, type EmbeddedFailure } from "./embedded-failure.ts";
import { explainExit } from "./mongod-failure.ts";

const place = { dataDir: "/data", port: 27017 };
const error = (text: string) => ({ severity: "E", message: "x", text });
const ended = (code: number) => ({ code, signal: null });

describe("explainExit", () => {
  it.each([
    // As MongoDB 6.0.5 writes them.
    [
      100,
      "DBException in initAndListen, terminating: DBPathInUse: Unable to lock the lock file",
      "data-dir-in-use",
    ],
    [48, "Error setting up listener: Address already in use", "port-in-use"],
    [14, "WiredTiger error message: __posix_file_write: No space left on device", "disk-full"],
    [62, "UPGRADE PROBLEM: Found an invalid featureCompatibilityVersion document", "data-incompatible"],
    [
      100,
      "DBException in initAndListen, terminating: Location28596: Permission denied",
      "data-dir-not-writable",
    ],
    [1, "mongod: error while loading shared libraries: libcrypto.so.3", "ended"],
  ])("code %i with '%s' is %s", (code, text, kind) => {
    expect(explainExit(ended(code), [error(text)], place).kind).toBe(kind);
  });

  it("finds a full disk behind the complaints that follow it", () => {
    const errors = [
      error("No space left on device"),
      error("Permission denied"),
      error("Got signal: 6 (Aborted)."),
    ];
    expect(explainExit({ code: null, signal: "SIGABRT" }, errors, place)).toEqual({
      kind: "disk-full",
      dataDir: "/data",
    });
  });

  it("names the signal, and the first error in one short line", () => {
    const failure = explainExit(
      { code: null, signal: "SIGKILL" },
      [error(`a\n b ${"c".repeat(400)}`), error("d")],
      place,
    );
    if (failure.kind !== "ended") throw new Error(failure.kind);
    expect(failure.how).toBe("SIGKILL");
    expect(failure.reason).toMatch(/^a b c{296}…$/);
  });

  it("says when the program could not be run", () => {
    const exit = { code: null, signal: null, spawnError: "spawn EACCES" };
    expect(explainExit(exit, [], place)).toMatchObject({ kind: "ended", reason: "spawn EACCES" });
  });
});

describe("describeFailure", () => {
  const failures: EmbeddedFailure[] = [
    { kind: "data-dir-not-writable", dataDir: "/data", reason: "EROFS" },
    { kind: "data-dir-in-use", dataDir: "/data", holder: 12 },
    { kind: "data-incompatible", dataDir: "/data", reason: "4.2" },
    { kind: "disk-full", dataDir: "/data" },
    { kind: "port-in-use", port: 27017 },
    { kind: "not-ready", seconds: 120, reason: "no primary" },
    { kind: "ended", how: "SIGKILL", reason: "it logged no error" },
    { kind: "aborted" },
  ];

  it.each(failures)("is one sentence or two on one line for $kind", (failure) => {
    expect(describeFailure(failure)).toMatch(/^[A-Z][^\n]*\.$/);
  });

  it("lists what was tried for a server, and what to do", () => {
    const text = describeFailure({ kind: "binary-missing", tried: ["the PATH: none", "pip: no network"] });
    expect(text).toContain("  - the PATH: none\n  - pip: no network\n");
    expect(text).toContain("DATABASE_URL");
  });
});
