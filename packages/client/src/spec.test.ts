import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const here = new URL(".", import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, here), "utf8");

const RULE = /\bC-[A-Z]+-\d+\b/g;
const rulesIn = (text: string) => new Set(text.match(RULE) ?? []);

describe("SPEC.md", () => {
  const stated = rulesIn(textOf("../SPEC.md"));
  const tests = readdirSync(here).filter((name) => name.endsWith(".test.ts"));
  const titles = tests.flatMap((name) => textOf(name).match(/\bit(?:\.each\(.*?\))?\(\s*"[^"]*"/gs) ?? []);
  const cited = rulesIn(titles.join("\n"));

  it("has a test for each rule", () => {
    expect([...stated].filter((rule) => !cited.has(rule))).toEqual([]);
  });

  it("states each rule that a test cites", () => {
    expect([...cited].filter((rule) => !stated.has(rule))).toEqual([]);
  });
});
