/**
 * How long an answer stands for those who ask after it was read: so many times as long as the reading took, within
 * bounds in milliseconds. However large the history and however many ask, the database is at it a fifth of the time.
 */
const REST = { times: 4, leastMs: 1_000, mostMs: 5_000 };

interface Kept<T> {
  readonly answer: Promise<T>;
  /** By `performance.now()`; Infinity while it is read. */
  staleAt: number;
}

/**
 * One reading for all who ask at the same time or soon after. A failure is told to those who wait for it, and not kept.
 */
export class SharedAnswer<Key, T> {
  readonly #read: (key: Key) => Promise<T>;
  readonly #kept = new Map<Key, Kept<T>>();

  /** @param read for keys of which there are few */
  constructor(read: (key: Key) => Promise<T>) {
    this.#read = read;
  }

  get(key: Key): Promise<T> {
    const known = this.#kept.get(key);
    if (known !== undefined && performance.now() < known.staleAt) return known.answer;
    const beganAt = performance.now();
    const kept: Kept<T> = { answer: this.#read(key), staleAt: Number.POSITIVE_INFINITY };
    this.#kept.set(key, kept);
    kept.answer.then(
      () => (kept.staleAt = performance.now() + restAfter(performance.now() - beganAt)),
      () => (kept.staleAt = 0),
    );
    return kept.answer;
  }
}

const restAfter = (tookMs: number): number =>
  Math.min(REST.mostMs, Math.max(REST.leastMs, REST.times * tookMs));
