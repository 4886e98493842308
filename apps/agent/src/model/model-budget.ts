import type { Clock } from "@live-orders/client/clock";
import { ModelFailure } from "./model-failure.ts";

export interface ModelLimits {
  readonly callsPerMinute: number;
  /** Of a day in UTC, those of the prompts too. */
  readonly tokensPerDay: number;
}

/** Tokens that a call may need at most, until it is known what it took. */
export interface Reservation {
  /** A second time changes nothing. */
  settle(tokens: number): void;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Lets calls through as long as both limits hold; counted from zero when the process starts. */
export class ModelBudget {
  readonly #limits: ModelLimits;
  readonly #clock: Pick<Clock, "now">;
  /** When the calls of the last minute began; at most `callsPerMinute`. */
  #calls: number[] = [];
  #day = 0;
  #tokens = 0;

  constructor(limits: ModelLimits, clock: Pick<Clock, "now">) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** @throws ModelFailure of kind `busy` */
  take(tokens: number): Reservation {
    const now = this.#clock.now();
    this.#calls = this.#calls.filter((begun) => begun > now - MINUTE_MS);
    if (this.#calls.length >= this.#limits.callsPerMinute) {
      throw new ModelFailure("busy", `The model may be called ${this.#limits.callsPerMinute} times a minute`);
    }
    const day = Math.floor(now / DAY_MS);
    if (day !== this.#day) [this.#day, this.#tokens] = [day, 0];
    if (this.#tokens + tokens > this.#limits.tokensPerDay) {
      throw new ModelFailure("busy", `The model may use ${this.#limits.tokensPerDay} tokens a day`);
    }
    this.#calls.push(now);
    this.#tokens += tokens;
    return this.#reservation(day, tokens);
  }

  #reservation(day: number, tokens: number): Reservation {
    let isOpen = true;
    return {
      settle: (used) => {
        if (isOpen && day === this.#day) this.#tokens += used - tokens;
        isOpen = false;
      },
    };
  }
}
