import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { ChangeLog } from "./change-log.ts";
import type { Timers } from "./timers.ts";

/** Lets readers wait for the feed to get somewhere. */
export class HeadGate {
  readonly #log: ChangeLog;
  readonly #timers: Timers;
  readonly #waiting = new Set<() => void>();
  #isShut = false;

  constructor(log: ChangeLog, timers: Timers) {
    this.#log = log;
    this.#timers = timers;
  }

  /** Whether the source has opened, at the latest `ms` milliseconds from now. */
  opened(ms: number): Promise<boolean> {
    return this.#until(() => this.#log.isOpen, ms);
  }

  /** Whether the head has reached `at`, in its generation, at the latest `ms` milliseconds from now. */
  reached(at: CursorParts, ms: number): Promise<boolean> {
    return this.#until(() => {
      const { generation, position } = this.#log.head;
      return generation === at.generation && position >= at.position;
    }, ms);
  }

  /** Whether the feed is of this generation, at the latest `ms` milliseconds from now. */
  turned(generation: string, ms: number): Promise<boolean> {
    return this.#until(() => this.#log.head.generation === generation, ms);
  }

  /** To be called whenever the head has moved. */
  headMoved(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Ends all waits, now and later. */
  shut(): void {
    this.#isShut = true;
    this.headMoved();
  }

  #until(holds: () => boolean, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#isShut || holds()) {
        resolve(!this.#isShut);
        return;
      }
      const end = (answer: boolean): void => {
        cancel();
        this.#waiting.delete(look);
        resolve(answer);
      };
      const look = (): void => {
        if (this.#isShut || holds()) end(!this.#isShut);
      };
      const cancel = this.#timers.after(ms, () => {
        end(false);
      });
      this.#waiting.add(look);
    });
  }
}
