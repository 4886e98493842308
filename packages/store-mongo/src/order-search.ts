import { searchedId } from "@live-orders/protocol/order-query";
import type { Document } from "mongodb";

/**
 * A filter for the rows that `searchMatcher` of the protocol finds. PCRE's own caseless matching knows the foldings of
 * one version of Unicode (8.42 in MongoDB 6 lacks Cherokee and Adlam), so only ASCII is left to it; every other
 * character is spelled out as the class of those that JavaScript folds to the same.
 */
export function searchFilter(q: string): Document {
  if (q === "") return {};
  const pattern = { $regex: caselessPattern(q), $options: "i" };
  const id = searchedId(q);
  const names: Document[] = [{ customer_name: pattern }, { product_name: pattern }];
  return { $or: id === null ? names : [...names, { _id: id }] };
}

/** For the option `i`. The Kelvin sign and the long s, which fold to k and s, are in PCRE's tables of old. */
export function caselessPattern(text: string): string {
  return Array.from(text, patternOf).join("");
}

function patternOf(character: string): string {
  if (/[\\^$.*+?()[\]{}|]/.test(character)) return `\\${character}`;
  if (character.charCodeAt(0) < 0x80) return character;
  const alike = foldedAlike(character);
  // `(?-i:…)` keeps PCRE from adding what its own tables hold to be alike.
  return `(?-i:${alike.length === 1 ? character : `[${alike.join("")}]`})`;
}

function foldedAlike(character: string): string[] {
  const sameFolding = new RegExp(character, "giu");
  return casedCharacters().match(sameFolding) ?? [character];
}

/** The last cased character, by far (Adlam, U+1E943). */
const END_OF_CASED = 0x1ffff;
let cased: string | null = null;

/** Every character that case touches, in one string. */
function casedCharacters(): string {
  if (cased !== null) return cased;
  let all = "";
  for (let code = 0; code <= END_OF_CASED; code += 1) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    if (/[\p{CWCM}\p{CWCF}]/u.test(character)) all += character;
  }
  cased = all;
  return all;
}
