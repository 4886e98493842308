import { MongoServerError } from "mongodb";
import { describe, expect, it } from "vitest";
import { explain, judgeServer } from "./server-check.ts";

const set = { setName: "rs0" };

describe("a server", () => {
  it.each(["6.0.0", "6.0.5", "8.0.4", "10.1.0-rc1"])("of version %s in a replica set will do", (version) => {
    expect(judgeServer(set, { version })).toBeNull();
  });

  it.each(["5.0.30", "4.4.1", "3.6.23"])("of version %s is too old, and the line says so", (version) => {
    expect(judgeServer(set, { version })).toBe(
      `This MongoDB is ${version}; pre- and post-images need 6.0 or later.`,
    );
  });

  it("that is no replica set, or a mongos, is refused with what to do", () => {
    expect(judgeServer({}, { version: "6.0.5" })).toContain("rs.initiate()");
    expect(judgeServer({ msg: "isdbgrid" }, { version: "6.0.5" })).toContain("sharded");
  });
});

it.each([13, 18, 8000])("code %i is told as denied, in one line", (code) => {
  const line = explain(new MongoServerError({ message: "no\n  access.", code }));
  expect(line).toBe(
    "MongoDB denied access: no access. Check the user, its password and its role (readWrite).",
  );
});
