import { now } from "./stamp.ts";

/** What the readers of one run have seen. */
export interface Seen {
  /** Requests made; a stream's or a socket's opening is one. */
  readonly requests: number;
  /** Requests whose answer brought nothing that was new. */
  readonly empty: number;
  /** Of the sampled readers: from just before the write to the arrival, in ms. */
  readonly latencies: readonly number[];
  readonly samples: number;
}

/** Parsing every copy of a message would measure the load generator: latency is taken at this many readers. */
const SAMPLES = 20;

export class Tally {
  requests = 0;
  empty = 0;
  #since = Number.POSITIVE_INFINITY;
  #latencies: number[] = [];
  #samples = 0;

  /** @returns where this reader's stamps go; null if it is not among the sampled */
  sample(): ((stamps: readonly number[]) => void) | null {
    if (this.#samples >= SAMPLES) return null;
    this.#samples += 1;
    return (stamps) => {
      const at = now();
      for (const stamp of stamps) if (stamp >= this.#since) this.#latencies.push(at - stamp);
    };
  }

  /** From here on it counts: writes from before are not looked at. */
  begin(): void {
    this.#since = now();
    this.requests = 0;
    this.empty = 0;
    this.#latencies = [];
  }

  seen(): Seen {
    const { requests, empty } = this;
    return { requests, empty, latencies: this.#latencies, samples: this.#samples };
  }
}
