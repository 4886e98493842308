import type { Status } from "@live-orders/protocol/status";

const GROUPED = new Intl.NumberFormat("en-US");

/** `1,234 orders`, `1 order`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${GROUPED.format(count)} ${count === 1 ? one : many}`;

/** For orders of these statuses: `undelivered`; empty for all. */
export function statusWord(statuses: readonly Status[]): string {
  if (statuses.length === 3) return "";
  return statuses.length === 1 ? (statuses[0] ?? "") : "undelivered";
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
