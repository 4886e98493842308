import { searchMatcher } from "@live-orders/protocol/order-query";
import fc from "fast-check";
import { expect, it } from "vitest";
import { caselessPattern, searchFilter } from "./order-search.ts";

it("leaves ASCII to the server's own caseless matching, and spells out the rest", () => {
  expect(caselessPattern("Ab 1")).toBe("Ab 1");
  expect(caselessPattern("a.b*c\\d[e](f){g}^$|+?")).toBe(
    "a\\.b\\*c\\\\d\\[e\\]\\(f\\)\\{g\\}\\^\\$\\|\\+\\?",
  );
  expect(caselessPattern("\u1e9e")).toBe("(?-i:[\u00df\u1e9e])");
  expect(caselessPattern("\u0130")).toBe("(?-i:\u0130)");
});

it("spells out every character that JavaScript folds to the same", () => {
  const cased = fc.integer({ min: 0x80, max: 0x1e943 }).filter((code) => code < 0xd800 || code > 0xdfff);
  fc.assert(
    fc.property(cased, (code) => {
      const character = String.fromCodePoint(code);
      const spelled = new RegExp(caselessPattern(character).slice("(?-i:".length, -1), "u");
      for (const other of [character, character.toLowerCase(), character.toUpperCase()]) {
        if (Array.from(other).length !== 1) continue;
        const finds = searchMatcher(character)({ id: 1, customer_name: other, product_name: "" });
        expect(spelled.test(other)).toBe(finds);
      }
    }),
    { numRuns: 2000 },
  );
});

it("looks for an exact id only where the text is one", () => {
  expect(searchFilter("")).toEqual({});
  expect(searchFilter("42")).toMatchObject({ $or: [{}, {}, { _id: 42 }] });
  for (const text of ["042", "4.2", "-1", "x"]) expect(searchFilter(text)["$or"]).toHaveLength(2);
});
