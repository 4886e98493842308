import { describe, expect, it } from "vitest";
import { claimsOwnDeed, claimsUnknownDeed } from "./deeds.ts";
import { collectEvidence } from "./evidence.ts";
import { foreignFigure } from "./figures.ts";
import { foreignLink } from "./links.ts";
import { numberWords } from "./number-words.ts";

const evidence = collectEvidence();
evidence.add({
  orders: [
    {
      id: 12,
      customer_name: "Claire Gute",
      product_name: "Xerox 1967",
      updated_at: "2026-11-25T22:40:05.000Z",
    },
    { id: 15, customer_name: "42 orders", product_name: "www.gute.example shop", status: "pending" },
  ],
  next: null,
  total: 1234,
});
evidence.add({ orders: [{ id: 16 }, { id: 17 }, { id: 18 }], next: "more" });

const figure = (text: string, question = "", quoted = true) =>
  foreignFigure(text, evidence, { quoted, timeZone: "Europe/Berlin", question });

describe("figures", () => {
  it.each([
    "There are 1,234 orders, one thousand two hundred and thirty-four.",
    "Two orders: #12 and #15. No one else, and one of them is late.",
    "1. #12\n2. #15",
    `"Xerox 1967" went to "Claire Gute".`,
    "It was on 2026-11-25, on 25 November 2026, on Nov 25, at 22:40 and 10:40 pm UTC.",
    "In Berlin it was 2026-11-25 23:40:05, which is 2026-11-25T22:40:05.000Z.",
  ])("are accounted for: %s", (text) => {
    expect(figure(text)).toBeNull();
  });

  it.each([
    ["There are 12 orders.", "12"],
    ["There are 3 orders.", "3"],
    ["There are 1967 orders.", "1967"],
    ["There are 42 orders.", "42"],
    ["There are 22 orders, or 40, or 5.", "22"],
    ["#1234", "#1234"],
    ["order 1234", "order 1234"],
    ["1. #12\n3. #15", "3"],
    ["It was on 2026-11-26.", "2026"],
    ["It was at 21:40.", "21"],
    ["1,235", "1,235"],
    ["1234.5", "1234.5"],
    ["1\u200b7", "17"],
    ["¹⁷", "17"],
    ["١٧", "١"],
    ["seventeen orders", "17"],
    ["twenty-one dozens", "252"],
  ])("are foreign: %s", (text, found) => {
    expect(figure(text)).toBe(found);
  });

  it("may repeat a question's spans, ids and times, and no other number", () => {
    const question = "Which of the 99 orders wait for 3 days, like order 77, since 9 am?";
    expect(figure("None waits for 3 days, not #77, since 09:00.", question)).toBeNull();
    expect(figure("99 orders wait.", question)).toBe("99");
    expect(figure("3 orders wait.", question)).toBe("3");
  });

  it("may stand in names without quotation marks where the names are the text's own", () => {
    expect(figure("Your Xerox 1967 is here", "", false)).toBeNull();
    expect(figure("Your Xerox 1967", "", true)).toBe("1967");
  });
});

it("reads numbers in words", () => {
  expect(numberWords("two hundred and forty-one thousand, a dozen, ninety nine")).toEqual([241_000, 12, 99]);
});

describe("links and addresses", () => {
  it.each([
    "https://evil.example",
    "HTTP ://evil",
    "evil.example",
    "xn--evl-1ma.xn--p1ai",
    "www.evil",
    "a@b.example",
    "me @evilshop",
    "evil[.]example",
    "evil dot com",
    "evil。com",
    "ｅｖｉｌ.ｃｏｍ",
    "10.0.0.1",
    "+49 30 1234567",
    "[Pay](x)",
    "<img src=x>",
    "javascript:x",
    "gute.example",
    "www.gute.example",
  ])("are foreign: %s", (text) => {
    expect(foreignLink(`See ${text} now`, evidence.names)).not.toBeNull();
  });

  it.each([
    "Your order #12 was shipped on 2026-11-25. We are sorry.",
    "It was at 22:40; thank you: 1.5 or 1,234.",
    "Claire Gute bought www.gute.example shop.",
  ])("are none: %s", (text) => {
    expect(foreignLink(text, evidence.names)).toBeNull();
  });
});

describe("deeds", () => {
  it("of the writer's own, and such as no data tells of", () => {
    expect(claimsOwnDeed("I've just approved it")).toBe(true);
    expect(claimsOwnDeed("We deleted it")).toBe(true);
    expect(claimsOwnDeed("Two orders were moved to shipped")).toBe(false);
    expect(claimsUnknownDeed("All were approved", [])).toBe(true);
    expect(claimsUnknownDeed("For Approved Goods, it was shipped", ["Approved Goods"])).toBe(false);
  });
});
