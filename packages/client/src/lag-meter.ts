import type { Change } from "@live-orders/protocol/change";
import type { ClockOffset } from "./clock-offset.ts";
import type { Clock } from "./clock.ts";

/** At most one report in this many milliseconds: it is for a person's eye. */
const EVERY = 500;

/** Measures how long changes take from their commit to here, and reports the latest. */
export class LagMeter {
  readonly #clock: Clock;
  readonly #offset: ClockOffset;
  readonly #report: (lag: number) => void;
  #latest = 0;
  #reportedAt = -Infinity;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, offset: ClockOffset, report: (lag: number) => void) {
    this.#clock = clock;
    this.#offset = offset;
    this.#report = report;
  }

  saw(change: Change, received: number): void {
    const at = Date.parse(change.at);
    this.#offset.sawChange(at, received);
    this.#latest = Math.max(0, Math.round(received + this.#offset.estimate() - at));
    if (this.#cancel !== null) return;
    // A clock that was set back must not put it off.
    const wait = EVERY - Math.max(0, received - this.#reportedAt);
    if (wait <= 0) this.#tell();
    else
      this.#cancel = this.#clock.after(wait, () => {
        this.#tell();
      });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #tell(): void {
    this.#cancel = null;
    this.#reportedAt = this.#clock.now();
    this.#report(this.#latest);
  }
}
