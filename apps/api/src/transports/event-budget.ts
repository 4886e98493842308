/** How many events a socket may send: so many at once, and then so many a second. */
export class EventBudget {
  readonly #nowMs: () => number;
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #atMs: number;

  constructor(nowMs: () => number, { burst, perSecond }: { burst: number; perSecond: number }) {
    this.#nowMs = nowMs;
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = burst;
    this.#atMs = nowMs();
  }

  /** Whether there was one left to spend. */
  spend(): boolean {
    const nowMs = this.#nowMs();
    this.#left = Math.min(this.#burst, this.#left + ((nowMs - this.#atMs) / 1000) * this.#perSecond);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
