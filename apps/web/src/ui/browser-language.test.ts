import { describe, expect, test } from "vitest";
import { languageTag } from "./browser-language.ts";

describe("the browser's language", () => {
  test.each([
    ["de-CH", "de-CH"],
    ["en", "en"],
    ["en-US@posix", "en-US"],
    ["C", "en-US"],
    ["", "en-US"],
  ])("%j is given to Intl as %j", (language, tag) => {
    expect(languageTag(language)).toBe(tag);
    expect(() => new Intl.NumberFormat(languageTag(language))).not.toThrow();
  });
});
