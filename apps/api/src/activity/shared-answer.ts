/** How long an answer stands for those who ask after it was read, in milliseconds. */
const FRESH_MS = 1_000;

interface Kept<T> {
  readonly answer: Promise<T>;
  /** By `performance.now()`; Infinity while it is read. */
  staleAt: number;
}

/**
 * One reading for all who ask at the same time or soon after: however many watch, the database sums up a range once a
 * second at most. A failure is told to those who wait for it, and not kept.
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
    const kept: Kept<T> = { answer: this.#read(key), staleAt: Number.POSITIVE_INFINITY };
    this.#kept.set(key, kept);
    kept.answer.then(
      () => (kept.staleAt = performance.now() + FRESH_MS),
      () => (kept.staleAt = 0),
    );
    return kept.answer;
  }
}
