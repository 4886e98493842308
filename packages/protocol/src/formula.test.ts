import fc from "fast-check";
import { expect, it } from "vitest";
import { escapeFormula, unescapeFormula } from "./formula.ts";

it.each(["=1+1", "+1", "-1", "@a", "\tx", "\rx", "\uFF1Dx"])("%j gets a ' before it", (text) => {
  expect(escapeFormula(text)).toBe(`'${text}`);
});

it.each(["a=1", "'quoted'", "", "1-1"])("%j stays as it is", (text) => {
  expect(escapeFormula(text)).toBe(text);
});

it("any text comes back exactly", () => {
  const text = fc.array(fc.constantFrom("'", "=", "a", "-"), { maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (original) => {
      expect(unescapeFormula(escapeFormula(original))).toBe(original);
    }),
  );
});
