/** Pseudo-random choices that a seed repeats exactly. Not for secrets. */
export interface SeededRandom {
  readonly seed: number;
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `least` to `greatest`, both possible. */
  int(least: number, greatest: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** One item of a list that is not empty. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** A stream of its own, so that more choices here do not shift those there. */
  fork(): SeededRandom;
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, even enough for tests. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (least: number, greatest: number) => least + Math.floor(next() * (greatest - least + 1));
  return {
    seed,
    next,
    int,
    chance: (p) => next() < p,
    pick: (items) => pick(items, int),
    shuffle: (items) => shuffle(items, int),
    fork: () => seededRandom(int(0, 2 ** 32 - 1)),
  };
}

function pick<T>(items: readonly T[], int: (least: number, greatest: number) => number): T {
  if (items.length === 0) throw new RangeError("There is nothing to pick from");
  const [item] = items.slice(int(0, items.length - 1));
  return item as T;
}

/** Fisher and Yates, from the end. */
function shuffle<T>(items: readonly T[], int: (least: number, greatest: number) => number): T[] {
  const rest = [...items];
  const mixed: T[] = [];
  while (rest.length > 0) mixed.push(...rest.splice(int(0, rest.length - 1), 1));
  return mixed;
}
