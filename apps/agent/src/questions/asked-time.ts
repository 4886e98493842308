/** A stretch of time that a question speaks of, as it is said. */
export type AskedTime =
  | { readonly kind: "today" | "yesterday" | "since-yesterday" }
  /** Since the last time that the clock showed it; minutes since midnight. */
  | { readonly kind: "clock"; readonly minute: number }
  | { readonly kind: "last"; readonly ms: number };

export interface TimeSpan {
  /** RFC 3339, UTC, milliseconds. */
  readonly since: string;
  /** Null: until now. */
  readonly until: string | null;
  /** For people, exact. */
  readonly words: string;
}

const MINUTE = 60_000;
const DAY = 86_400_000;

/** @param zone whose midnight and clock count */
export function spanOf(time: AskedTime, nowMs: number, zone: string): TimeSpan {
  const midnight = startOfDay(nowMs, zone);
  const yesterday = startOfDay(midnight - 1, zone);
  const from = (sinceMs: number): TimeSpan => ({
    since: new Date(sinceMs).toISOString(),
    until: null,
    words: `since ${momentWords(sinceMs, nowMs, zone)}`,
  });
  switch (time.kind) {
    case "today":
      return from(midnight);
    case "since-yesterday":
      return from(yesterday);
    case "yesterday":
      return {
        ...from(yesterday),
        until: new Date(midnight).toISOString(),
        words: `on ${dateWords(yesterday, zone)} (${zone})`,
      };
    case "clock": {
      const today = atClock(midnight, time.minute, zone);
      return from(today <= nowMs ? today : atClock(yesterday, time.minute, zone));
    }
    case "last":
      return from(nowMs - time.ms);
  }
}

interface ZonedMoment {
  readonly date: readonly [year: number, month: number, day: number];
  readonly clock: readonly [hour: number, minute: number, second: number];
}

function zoned(ms: number, timeZone: string): ZonedMoment {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {
    date: [part("year"), part("month"), part("day")],
    clock: [part("hour"), part("minute"), part("second")],
  };
}

const startOfDay = (ms: number, zone: string): number => {
  const [year, month, day] = zoned(ms, zone).date;
  return instantOf(Date.UTC(year, month - 1, day), zone);
};

function atClock(midnight: number, minute: number, zone: string): number {
  const [year, month, day] = zoned(midnight, zone).date;
  return instantOf(Date.UTC(year, month - 1, day, 0, minute), zone);
}

/** When a zone's clock shows what UTC's shows at `wall`. */
function instantOf(wall: number, zone: string): number {
  const guess = wall - offsetAt(wall, zone);
  return wall - offsetAt(guess, zone);
}

function offsetAt(ms: number, zone: string): number {
  const {
    date: [year, month, day],
    clock: [hour, minute, second],
  } = zoned(ms, zone);
  const whole = Math.floor(ms / 1000) * 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

const two = (value: number): string => String(value).padStart(2, "0");

function dateWords(ms: number, zone: string): string {
  const [year, month, day] = zoned(ms, zone).date;
  return `${year}-${two(month)}-${two(day)}`;
}

/** `09:00 (UTC)`, with the date if it is another day. */
export function momentWords(ms: number, nowMs: number, zone: string): string {
  const [hour, minute, second] = zoned(ms, zone).clock;
  const seconds = nowMs - ms < 10 * MINUTE ? `:${two(second)}` : "";
  const clock = `${two(hour)}:${two(minute)}${seconds} (${zone})`;
  return dateWords(ms, zone) === dateWords(nowMs, zone) ? clock : `${dateWords(ms, zone)} ${clock}`;
}

const UNITS = [
  ["day", DAY],
  ["hour", 60 * MINUTE],
  ["minute", MINUTE],
  ["second", 1000],
] as const;

/** In the greatest unit that is whole: `1 day`, `90 minutes`. */
export function exactDuration(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms > 0 && ms % one === 0) ?? (["second", 1000] as const);
  const count = Math.floor(ms / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Rounded down, in the greatest unit of which there is one. */
export function roughDuration(ms: number): string {
  const [, size] = UNITS.find(([, one]) => ms >= one) ?? (["second", 1000] as const);
  return exactDuration(Math.max(0, Math.floor(ms / size) * size));
}
