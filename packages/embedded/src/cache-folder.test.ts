import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheFolder } from "./cache-folder.ts";

it("is below XDG_CACHE_HOME where that is an absolute path", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/somewhere" })).toBe("/somewhere/live-orders");
});

it.each([{}, { XDG_CACHE_HOME: "" }, { XDG_CACHE_HOME: "relative" }])("is below ~/.cache for %o", (env) => {
  expect(cacheFolder(env)).toBe(join(homedir(), ".cache", "live-orders"));
});
