/** How far back latencies are kept, in seconds, and how many at most. */
export const WINDOW = 60;
const MOST = 4000;

interface Sample {
  /** When it was seen, in ms. */
  readonly at: number;
  readonly ms: number;
}

/** The latencies of the last minute. Times in ms, by one clock. */
export class LatencyWindow {
  #samples: Sample[] = [];

  add(at: number, ms: number): void {
    this.#samples.push({ at, ms: Math.max(0, ms) });
    if (this.#samples.length > MOST) this.#samples = this.#samples.slice(MOST / 4);
  }

  /** By nearest rank; null for none. `share`: 0 to 1. */
  quantile(share: number, now: number): number | null {
    return quantileOf(
      this.#since(now - WINDOW * 1000).map(({ ms }) => ms),
      share,
    );
  }

  /** The median of each whole second of the window, the oldest first; null where nothing was seen. */
  bySecond(now: number): (number | null)[] {
    const first = Math.floor(now / 1000) - WINDOW;
    const seconds: number[][] = Array.from({ length: WINDOW }, () => []);
    for (const { at, ms } of this.#samples) seconds[Math.floor(at / 1000) - first]?.push(ms);
    return seconds.map((values) => quantileOf(values, 0.5));
  }

  #since(from: number): Sample[] {
    return this.#samples.filter(({ at }) => at >= from);
  }
}

function quantileOf(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}
