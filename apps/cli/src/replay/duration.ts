const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** In milliseconds; longer is no duration but a mistake. */
const MAX = 1000 * 365 * UNITS.d;

/** `90s`, `30m`, `12h`, `1.5d`, `2w` in milliseconds; null for anything else, and for none. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = /^(\d{1,6}(?:\.\d{1,3})?)([smhdw])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return null;
  const found = Object.entries(UNITS).find(([name]) => name === unit);
  const ms = Number(amount) * (found?.[1] ?? 0);
  return ms > 0 && ms <= MAX ? ms : null;
}

/** A stretch of time, both ends in milliseconds. */
export interface DurationRange {
  readonly least: number;
  readonly most: number;
}

/** `3d`, or `1d-5d`; null for anything else. */
export function parseDurationRange(text: string): DurationRange | null {
  const [first = "", second = first, ...more] = text.split("-");
  const least = parseDuration(first);
  const most = parseDuration(second);
  if (least === null || most === null || least > most || more.length > 0) return null;
  return { least, most };
}

/** `7d/s`: how many milliseconds of the past go by in one millisecond of now. Null for anything else. */
export function parseSpeed(text: string): number | null {
  const ms = text.endsWith("/s") ? parseDuration(text.slice(0, -2)) : null;
  return ms === null ? null : ms / 1000;
}
