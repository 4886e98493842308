/** Reads a date from text; null for what is none. Dates and times without a zone are UTC. */
export type DateReader = (text: string) => Date | null;

interface DateParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  ms: number;
}

const US = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[ Tt](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?$/;

/** M/D/YYYY (a time may follow) and ISO 8601: `2018-11-08`, `2018-11-08 14:05`, `2018-11-08T14:05:00.000+02:00`. */
export const readDate: DateReader = (text) => {
  const exact = exactDate(text);
  if (exact !== null) return exact;
  const us = US.exec(text);
  if (us !== null) {
    const [, month, day, year, hour = "0", minute = "0", second = "0"] = us;
    return toDate({ ...numbers({ year, month, day, hour, minute, second }), ms: 0 }, 0);
  }
  const iso = ISO.exec(text);
  if (iso === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone] = iso;
  const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
  return toDate({ ...numbers({ year, month, day, hour, minute, second }), ms }, zoneMinutes(zone));
};

/** What the API writes, and `export` with it, needs no taking apart. Null for all else, a day that is none too. */
function exactDate(text: string): Date | null {
  if (text.length !== "0001-01-01T00:00:00.000Z".length) return null;
  const date = new Date(text);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1) return null;
  return date.toISOString() === text ? date : null;
}

type Texts = Record<Exclude<keyof DateParts, "ms">, string | undefined>;

const numbers = (parts: Texts): Omit<DateParts, "ms"> => ({
  year: Number(parts.year),
  month: Number(parts.month),
  day: Number(parts.day),
  hour: Number(parts.hour),
  minute: Number(parts.minute),
  second: Number(parts.second),
});

function zoneMinutes(zone = "Z"): number {
  if (zone.toUpperCase() === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}

/** Null for a day or an hour that does not exist, and for years before 1. */
function toDate(parts: DateParts, offsetMinutes: number): Date | null {
  const { year, month, day, hour, minute, second, ms } = parts;
  if (year < 1 || hour > 23 || minute > 59 || second > 59 || Math.abs(offsetMinutes) > 24 * 60) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  date.setUTCHours(hour, minute - offsetMinutes, second, ms);
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999 ? date : null;
}

const TOKENS: Readonly<Record<string, { readonly part: keyof DateParts; readonly pattern: string }>> = {
  YYYY: { part: "year", pattern: "(\\d{4})" },
  MM: { part: "month", pattern: "(\\d{2})" },
  M: { part: "month", pattern: "(\\d{1,2})" },
  DD: { part: "day", pattern: "(\\d{2})" },
  D: { part: "day", pattern: "(\\d{1,2})" },
  HH: { part: "hour", pattern: "(\\d{2})" },
  H: { part: "hour", pattern: "(\\d{1,2})" },
  mm: { part: "minute", pattern: "(\\d{2})" },
  ss: { part: "second", pattern: "(\\d{2})" },
  SSS: { part: "ms", pattern: "(\\d{3})" },
};

/**
 * A reader for a format such as `DD.MM.YYYY` or `D-M-YYYY HH:mm`; all else in it stands for itself. Null if the format
 * lacks year, month or day, or names a part twice.
 */
export function dateReader(format: string): DateReader | null {
  const parts: (keyof DateParts)[] = [];
  const pattern = format.replace(/YYYY|MM?|DD?|HH?|mm|ss|SSS|[^A-Za-z0-9\s]/g, (found) => {
    const token = TOKENS[found];
    if (token === undefined) return `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`;
    parts.push(token.part);
    return token.pattern;
  });
  const named = new Set(parts);
  const whole = named.has("year") && named.has("month") && named.has("day");
  if (!whole || named.size !== parts.length) return null;
  const expression = new RegExp(`^${pattern}$`, "u");
  return (text) => {
    const found = expression.exec(text);
    if (found === null) return null;
    const read: DateParts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, ms: 0 };
    for (const [index, part] of parts.entries()) read[part] = Number(found[index + 1]);
    return toDate(read, 0);
  };
}
