/** One who is to give a sign of life in each turn. */
export interface Beating {
  /** It gave one since it was asked last, or was never asked. */
  readonly isAlive: boolean;
  ask(): void;
  giveUp(): void;
}

export interface HeartbeatTimes {
  /** From one question to the next. */
  readonly intervalMs: number;
  /** How long after a question a sign of life may come; less than an interval. */
  readonly timeoutMs: number;
}

/** Of one turn. The more, the fewer are asked at once, and the more often the process is woken. */
const TICKS = 100;

/**
 * The heartbeat of all connections by one timer: each is asked on the same tick of every turn, the one in which it was
 * added, and given up some ticks later if nothing came. Two timers a connection, as Engine.IO has them, wake an idle
 * process for every ping, and are memory that lives just long enough to be dear to collect.
 */
export class Heartbeat {
  readonly #tickMs: number;
  readonly #patience: number;
  readonly #ticks: readonly Set<Beating>[] = Array.from({ length: TICKS }, () => new Set<Beating>());
  #now = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor({ intervalMs, timeoutMs }: HeartbeatTimes) {
    this.#tickMs = intervalMs / TICKS;
    this.#patience = Math.ceil(timeoutMs / this.#tickMs);
    if (!(this.#patience > 0 && this.#patience < TICKS))
      throw new RangeError("a timeout is part of an interval");
  }

  add(beating: Beating): void {
    this.#tick(0).add(beating);
    this.#timer ??= setInterval(() => this.#beat(), this.#tickMs).unref();
  }

  remove(beating: Beating): void {
    for (const tick of this.#ticks) if (tick.delete(beating)) return;
  }

  #beat(): void {
    this.#now += 1;
    for (const beating of this.#tick(this.#patience)) if (!beating.isAlive) beating.giveUp();
    for (const beating of this.#tick(0)) beating.ask();
    if (this.#timer && this.#ticks.every((tick) => tick.size === 0)) {
      clearInterval(this.#timer);
      this.#timer = null;
    }
  }

  #tick(ago: number): Set<Beating> {
    const tick = this.#ticks[(this.#now + TICKS - ago) % TICKS];
    if (tick === undefined) throw new RangeError(`no tick ${ago} ago`);
    return tick;
  }
}
