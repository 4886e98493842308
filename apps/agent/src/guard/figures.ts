import type { Evidence } from "./evidence.ts";
import { numberWords } from "./number-words.ts";
import { maskNames, maskWhere, plainText } from "./plain-text.ts";
import { maskTimes } from "./times.ts";

export interface FigureRules {
  /** Names with numbers in them count as names only in quotation marks. */
  readonly quoted: boolean;
  /** Besides UTC, times may be told in this zone. */
  readonly timeZone: string;
  /** What somebody asked: its spans of time and ids may be repeated, in the same words, and no other number. */
  readonly question?: string;
}

const SPAN = /\b(\d+)[\s-]*(minute|hour|day|week|month|year)s?\b/giu;
const ID = /(?:#\s?|\border\s+(?:number\s+|no\.?\s*)?)(\d+)\b/giu;
/** A number as people write it, with groups and a fraction. */
const NUMBER = /\d+(?:[,' ]\d{3})*(?:\.\d+)?/gu;
const LIST_MARK = /^\s*\d{1,3}[.)]\s/gmu;

/** A text's first number that nothing accounts for; null: all are accounted for. */
export function foreignFigure(text: string, evidence: Evidence, rules: FigureRules): string | null {
  const plain = plainText(text);
  const question = plainText(rules.question ?? "");
  const asked = { spans: spansOf(question), ids: idsOf(question) };
  let rest = maskNames(maskList(plain), evidence.names, rules.quoted);
  rest = maskTimes(rest, evidence.times, rules.timeZone, question);
  rest = maskWhere(rest, SPAN, (found) => asked.spans.has(spanOf(found)));
  for (const [found, id] of rest.matchAll(ID)) {
    if (!evidence.ids.has(Number(id)) && !asked.ids.has(Number(id))) return found;
  }
  rest = rest.replaceAll(ID, " ");
  const [strange] = rest.match(/(?![0-9])\p{N}/u) ?? [];
  if (strange !== undefined) return strange;
  for (const [found] of rest.matchAll(NUMBER)) {
    if (!evidence.counts.has(Number(found.replace(/[,' ]/g, "")))) return found;
  }
  const word = numberWords(rest).find((value) => !evidence.counts.has(value));
  return word === undefined ? null : String(word);
}

const spanOf = ([, count, unit = ""]: RegExpExecArray): string => `${Number(count)} ${unit.toLowerCase()}`;
const spansOf = (text: string): ReadonlySet<string> => new Set([...text.matchAll(SPAN)].map(spanOf));

/** The ids that a text names. */
export const idsOf = (text: string): ReadonlySet<number> =>
  new Set([...text.matchAll(ID)].map(([, id]) => Number(id)));

/** The marks of a numbered list, as long as they count from one. */
function maskList(text: string): string {
  let next = 1;
  return maskWhere(text, LIST_MARK, ([mark]) => Number.parseInt(mark, 10) === next && (next += 1) > 0);
}
