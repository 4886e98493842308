import { searchedId } from "@live-orders/protocol/order-query";
import type { StatementValues } from "./statement-values.ts";

/** Both names in one text: a line feed can stand neither in a name nor in a search text. */
const TEXT = `(customer_name || E'\\n' || product_name) COLLATE "C"`;

/**
 * A condition on rows of `public.orders`: `q` is part of either name in any case, by Unicode simple folding and whatever
 * the database's locale, or the exact id. Characters are alike that JavaScript's own folding holds equal, so that
 * `searchMatcher` of the protocol is the same by definition.
 */
export function searchCondition(q: string, values: StatementValues): string {
  const id = searchedId(q);
  const conditions = isAscii(q) ? asciiConditions(q, values) : [regexCondition(q, values)];
  if (id !== null) conditions.push(`id = ${values.add(id)}`);
  return `(${conditions.join(" OR ")})`;
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/**
 * ASCII is in a text if it is in the text in small ASCII letters, which is found out twice as quickly as by any regular
 * expression; or if the text has one of the few other characters that are like an ASCII letter, such as the Kelvin sign.
 */
function asciiConditions(q: string, values: StatementValues): string[] {
  const others = new Set(Array.from(q, charactersLike).flat());
  const rest = Array.from(others).filter((other) => !isAscii(other));
  return [
    `strpos(lower(${TEXT}), ${values.add(q.toLowerCase())}) > 0`,
    ...rest.map((other) => `(strpos(${TEXT}, ${values.add(other)}) > 0 AND ${regexCondition(q, values)})`),
  ];
}

/** The first characters alone are sought first: a long expression takes three times as long as a short one. */
const SHORT = 6;

function regexCondition(q: string, values: StatementValues): string {
  const characters = Array.from(q);
  const expressions = [characters.slice(0, SHORT), ...(characters.length > SHORT ? [characters] : [])];
  return expressions.map((each) => `${TEXT} ~ ${values.add(searchRegex(each.join("")))}`).join(" AND ");
}

/** For PostgreSQL: https://www.postgresql.org/docs/current/functions-matching.html */
export function searchRegex(q: string): string {
  return Array.from(q, (character) => {
    const alike = charactersLike(character);
    return alike.length === 1 ? escaped(character) : `[${alike.join("")}]`;
  }).join("");
}

function charactersLike(character: string): string[] {
  const others = CASED.match(new RegExp(escaped(character), "giu")) ?? [];
  return Array.from(new Set([character, ...others]));
}

/** In both dialects a backslash before one of these gives the character itself. */
function escaped(character: string): string {
  return /[\\^$.*+?()[\]{}|]/.test(character) ? `\\${character}` : character;
}

const CASED = allCased();

/** Every character that has another case; there are none beyond the second plane. */
function allCased(): string {
  const found: string[] = [];
  for (let point = 0; point <= 0x1ffff; point += 1) {
    const character = String.fromCodePoint(point);
    if (/[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u.test(character)) found.push(character);
  }
  return found.join("");
}
