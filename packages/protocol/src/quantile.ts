/** By nearest rank: the first of the sorted values that at least this share of all does not exceed; null of nothing. */
export const quantileOf = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? null;

export const sortedNumbers = (values: Iterable<number>): number[] => [...values].sort((a, b) => a - b);
