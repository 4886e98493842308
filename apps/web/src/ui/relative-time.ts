const STEPS = [
  { below: 60, unit: 1, name: "s" },
  { below: 3600, unit: 60, name: "min" },
  { below: 86_400, unit: 3600, name: "h" },
  { below: 30 * 86_400, unit: 86_400, name: "d" },
] as const;

const sameYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const otherYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const sameDay = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** "just now", "12 min ago", "3 Feb": `then` and `now` in ms since 1970. A time in the future counts as now. */
export function relativeTime(then: number, now: number): string {
  const seconds = Math.floor((now - then) / 1000);
  if (seconds < 10) return "just now";
  const step = STEPS.find(({ below }) => seconds < below);
  if (step !== undefined) return `${Math.floor(seconds / step.unit)} ${step.name} ago`;
  const date = new Date(then);
  return (date.getFullYear() === new Date(now).getFullYear() ? sameYear : otherYear).format(date);
}

/** The date and the time to the second, in the reader's time zone. */
export const exactTime = (then: number): string => exact.format(then);

/** Today's time to the second, or the day of an earlier date. */
export function clockTime(then: number, now: number): string {
  const isToday = new Date(then).toDateString() === new Date(now).toDateString();
  return isToday ? sameDay.format(then) : relativeTime(then, now);
}
