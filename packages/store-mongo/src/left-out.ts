import type { StoreLogger } from "./store-logger.ts";

/** Changes that broke the table in every image: counted, logged, told to nobody. */
export class LeftOut {
  readonly #logger: StoreLogger;
  #total = 0;

  constructor(logger: StoreLogger) {
    this.#logger = logger;
  }

  get total(): number {
    return this.#total;
  }

  count(why: string, position: string): void {
    this.#total += 1;
    this.#logger.warn({ position, why }, "A change was left out");
  }
}
