import type { Clock } from "@live-orders/client/clock";
import { ModelFailure } from "./model-failure.ts";

/** So many failures one after the other, and it rests. */
const FAILURES = 3;
const REST_MS = { first: 15_000, longest: 600_000 } as const;

/** A call that was let through; the first word on how it went counts. */
export interface Passage {
  succeeded(): void;
  failed(): void;
  /** It tells nothing. */
  left(): void;
}

/**
 * Keeps calls from a model that fails: after some failures it rests, then one call tries it. The rest grows with each
 * try that fails.
 */
export class CircuitBreaker {
  readonly #clock: Pick<Clock, "now">;
  #failures = 0;
  #restsUntil = 0;
  #isTrying = false;

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** @throws ModelFailure of kind `resting` */
  enter(): Passage {
    const isTry = this.#failures >= FAILURES;
    if (isTry && (this.#isTrying || this.#clock.now() < this.#restsUntil)) {
      throw new ModelFailure("resting", "The model failed several times, and is left alone for a while");
    }
    this.#isTrying = isTry;
    let isOpen = true;
    const once = (then: () => void) => () => {
      if (!isOpen) return;
      isOpen = false;
      if (isTry) this.#isTrying = false;
      then();
    };
    return {
      succeeded: once(() => (this.#failures = 0)),
      failed: once(() => this.#fail()),
      left: once(() => undefined),
    };
  }

  #fail(): void {
    this.#failures += 1;
    const times = Math.min(this.#failures - FAILURES, 10);
    if (times >= 0)
      this.#restsUntil = this.#clock.now() + Math.min(REST_MS.first * 2 ** times, REST_MS.longest);
  }
}
