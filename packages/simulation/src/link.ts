import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { FakeTimers } from "@live-orders/testkit/fake-timers";

interface Packet {
  readonly bytes: number;
  readonly deliver: () => void;
}

/**
 * One direction of a connection: packets arrive in order, each after a delay of its own, until the link is cut. A cut
 * loses what is under way, so that a prefix of what was sent has arrived. A stalled link holds everything back.
 */
export class Link {
  readonly #timers: FakeTimers;
  readonly #random: SeededRandom;
  readonly #waiting: Packet[] = [];
  #bytes = 0;
  #longestMs = 8;
  #stalled = false;
  #cut = false;
  #moving = false;

  constructor(timers: FakeTimers, random: SeededRandom) {
    this.#timers = timers;
    this.#random = random;
  }

  /** Bytes sent and not arrived. */
  get bytes(): number {
    return this.#bytes;
  }

  send(bytes: number, deliver: () => void): void {
    if (this.#cut) return;
    this.#waiting.push({ bytes, deliver });
    this.#bytes += bytes;
    this.#move();
  }

  stall(stalled: boolean): void {
    this.#stalled = stalled;
    this.#move();
  }

  /** From now on a packet may take as long as this, in milliseconds. */
  delay(longestMs: number): void {
    this.#longestMs = longestMs;
  }

  cut(): void {
    this.#cut = true;
    this.#waiting.length = 0;
    this.#bytes = 0;
  }

  #move(): void {
    if (this.#moving || this.#stalled || this.#cut || this.#waiting.length === 0) return;
    this.#moving = true;
    this.#timers.after(this.#random.int(0, this.#longestMs), () => {
      this.#moving = false;
      if (this.#stalled || this.#cut) return;
      const packet = this.#waiting.shift();
      this.#bytes -= packet?.bytes ?? 0;
      packet?.deliver();
      this.#move();
    });
  }
}
