import { searchMatcher } from "@live-orders/protocol/order-query";
import { describe, expect, it } from "vitest";
import { searchCondition, searchRegex } from "./order-search.ts";
import { StatementValues } from "./statement-values.ts";

const LAST = 0x10ffff;

/** All characters but surrogates: those that fold to another or change their case, and the rest. */
function characters(): { cased: string[]; rest: string } {
  const cased: string[] = [];
  const rest: string[] = [];
  for (let point = 0; point <= LAST; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const character = String.fromCodePoint(point);
    const changes =
      /\p{Changes_When_Casefolded}/u.test(character) ||
      character.toLowerCase() !== character ||
      character.toUpperCase() !== character;
    (changes ? cased : rest).push(character);
  }
  return { cased, rest: rest.join("") };
}

describe("the search's regular expression", () => {
  it("holds alike what JavaScript holds alike, for every code point", () => {
    const { cased, rest } = characters();
    const whole = cased.join("");
    for (const character of cased) {
      const alike = whole.match(new RegExp(character, "giu")) ?? [];
      const regex = searchRegex(character);
      const members = regex.startsWith("[") ? Array.from(regex.slice(1, -1)) : [regex];
      expect(members.sort()).toEqual(Array.from(alike).sort());
    }
    // None of the rest is like one of those, and so like nothing but itself: each is its own folding.
    expect(rest.match(new RegExp(`[${whole}]`, "iu"))).toBeNull();
    expect(cased.length).toBeGreaterThan(2_800);
  });

  it("stands for itself alone where nothing is alike", () => {
    const matchesItself = (point: number): boolean => {
      const character = String.fromCodePoint(point);
      const matches = searchMatcher(character);
      return matches({ id: 1, customer_name: character, product_name: "" });
    };
    for (const point of [0x20, 0x2f, 0x5b, 0x5d, 0x7c, 0xdf, 0x130, 0x131, 0x2603, 0x1f600, LAST]) {
      expect(matchesItself(point)).toBe(true);
    }
    expect(searchRegex("1-2 \u{1f600}\u0130")).toBe("1-2 \u{1f600}\u0130");
  });

  it("takes no character for an operator", () => {
    expect(searchRegex("\\^$.*+?()[]{}|")).toBe("\\\\\\^\\$\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|");
  });
});

describe("the search's condition", () => {
  it("seeks ASCII in small letters, and asks for the few others that are like it", () => {
    const values = new StatementValues();
    expect(searchCondition("Ada", values)).not.toContain(" OR ");
    expect(values.all).toEqual(["ada"]);
    const more = new StatementValues();
    searchCondition("K", more);
    expect(more.all).toEqual(["k", "\u212a", "[K\u212ak]".replace("K\u212ak", "Kk\u212a")]);
  });

  it("asks for an id only where the text is one", () => {
    expect(searchCondition("42", new StatementValues())).toContain("id = $2");
    for (const q of ["042", "4x", "-4", "4.2"])
      expect(searchCondition(q, new StatementValues())).not.toContain("id =");
  });
});
