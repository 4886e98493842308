import { maskWhere } from "./plain-text.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = "(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*";

const DATE = /\b(\d{4})-(\d{2})-(\d{2})(?:T|\b)/giu;
const DAY_FIRST = new RegExp(String.raw`\b(\d{1,2})(?:st|nd|rd|th)?\s+${MONTH}\.?(?:,?\s+(\d{4}))?\b`, "giu");
const MONTH_FIRST = new RegExp(
  String.raw`\b${MONTH}\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?\b`,
  "giu",
);
const TIME = /\b(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,3})?)?(?:\s*([ap])\.?m\b)?Z?/giu;
const HOUR = /\b(\d{1,2})\s*([ap])\.?m\b/giu;

type Kind = "days" | "times";
type KnownTimes = Readonly<Record<Kind, Set<string>>>;

const two = (value: string | number | undefined): string => String(value ?? "").padStart(2, "0");
const monthOf = (name = ""): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
const dayKey = (year: string | undefined, month: number, day: string | undefined): string =>
  `${year === undefined ? "" : `${year}-`}${two(month)}-${two(day)}`;

function timeKey([, hour, minute, second, half]: readonly (string | undefined)[]): string {
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0);
  return `${two(hours)}:${minute ?? "00"}${second === undefined ? "" : `:${second}`}`;
}

const FORMS: readonly {
  readonly kind: Kind;
  readonly pattern: RegExp;
  readonly keyOf: (found: readonly (string | undefined)[]) => string;
}[] = [
  { kind: "days", pattern: DATE, keyOf: ([, year, month, day]) => dayKey(year, Number(month), day) },
  { kind: "days", pattern: DAY_FIRST, keyOf: ([, day, month, year]) => dayKey(year, monthOf(month), day) },
  { kind: "days", pattern: MONTH_FIRST, keyOf: ([, month, day, year]) => dayKey(year, monthOf(month), day) },
  { kind: "times", pattern: TIME, keyOf: timeKey },
  { kind: "times", pattern: HOUR, keyOf: ([, hour, half]) => timeKey(["", hour, "00", undefined, half]) },
];

/**
 * Without the dates and times of day that are those of one of these instants, in UTC or in the zone, or that the
 * question has.
 */
export function maskTimes(
  text: string,
  instants: Iterable<string>,
  timeZone: string,
  question: string,
): string {
  const known = knownTimes(instants, timeZone);
  for (const { kind, pattern, keyOf } of FORMS) {
    for (const found of question.matchAll(pattern)) known[kind].add(keyOf(found));
  }
  return FORMS.reduce(
    (rest, { kind, pattern, keyOf }) => maskWhere(rest, pattern, (found) => known[kind].has(keyOf(found))),
    text,
  );
}

function knownTimes(instants: Iterable<string>, timeZone: string): KnownTimes {
  const known: KnownTimes = { days: new Set(), times: new Set() };
  const formats = ["UTC", timeZone].map(
    (zone) => new Intl.DateTimeFormat("sv-SE", { ...FIELDS, timeZone: zone }),
  );
  for (const instant of instants) {
    for (const format of formats) {
      const [day = "", time = ""] = format.format(new Date(instant)).split(" ");
      known.days.add(day).add(day.slice(5));
      known.times.add(time).add(time.slice(0, 5));
    }
  }
  return known;
}

/** In Sweden: `2026-11-25 18:22:29`. */
const FIELDS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
} as const;
