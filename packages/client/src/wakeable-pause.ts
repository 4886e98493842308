import type { Clock } from "./clock.ts";

/** Waits that can all be ended early at once. */
export class WakeablePauses {
  readonly #clock: Clock;
  readonly #wakes = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `ms` milliseconds, or when it is woken. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#wakes.delete(done);
        resolve();
      };
      const cancel = this.#clock.after(ms, done);
      this.#wakes.add(done);
    });
  }

  /** Ends every wait that is under way. */
  wake(): void {
    for (const done of [...this.#wakes]) done();
  }
}
