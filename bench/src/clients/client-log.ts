import { machineMs } from "../machine-clock.ts";
import { NOTHING, type Told } from "./dialect.ts";

/** Of one client: whether it saw all of what it should is told by the number and the sum of the changes' keys. */
export interface ClientCount {
  received: number;
  sum: number;
  cursor: string | null;
}

/** What all clients of a process have seen. */
export interface SeenByClients {
  readonly received: Float64Array;
  readonly sums: Float64Array;
  /** Of the sampled clients, each change with the moment when its bytes arrived. */
  readonly keys: Float64Array;
  readonly at: Float64Array;
}

/** So many clients, spread over all, note each arrival; the others count. */
const SAMPLED = 60;
/** In numbers: a run that delivers more is sampled by its beginning. */
const MAX_NOTED = 2_000_000;
/** The last messages of so many kinds: the copies that the others of a room get. */
const KEPT = 8;

/**
 * The clients' side of the measure. A message that equals the one that another client got just before is not parsed
 * again: parsing every copy would measure this process.
 */
export class ClientLog {
  readonly #counts: ClientCount[] = [];
  readonly #kept: { readonly payload: Buffer; readonly told: Told }[] = [];
  readonly #read: (payload: Buffer) => Told;
  readonly #every: number;
  #keys: number[] = [];
  #at: number[] = [];

  /** @param clients how many there will be */
  constructor(read: (payload: Buffer) => Told, clients: number) {
    this.#read = read;
    this.#every = Math.ceil(clients / SAMPLED);
  }

  /** @returns what takes the payload of each message of a new client, at the moment of its arrival */
  add(): { readonly count: ClientCount; readonly take: (payload: Buffer) => void } {
    const count: ClientCount = { received: 0, sum: 0, cursor: null };
    const isSampled = this.#counts.length % this.#every === 0;
    this.#counts.push(count);
    return { count, take: (payload) => this.#take(count, isSampled, payload) };
  }

  /** From here on it counts. */
  begin(): void {
    this.#keys = [];
    this.#at = [];
    for (const count of this.#counts) Object.assign(count, { received: 0, sum: 0 });
  }

  seen(): SeenByClients {
    return {
      received: Float64Array.from(this.#counts, ({ received }) => received),
      sums: Float64Array.from(this.#counts, ({ sum }) => sum),
      keys: Float64Array.from(this.#keys),
      at: Float64Array.from(this.#at),
    };
  }

  #take(count: ClientCount, isSampled: boolean, payload: Buffer): void {
    const at = machineMs();
    const { keys, cursor } = this.#told(payload);
    count.received += keys.length;
    if (cursor !== null) count.cursor = cursor;
    for (const key of keys) count.sum += key;
    if (!isSampled || this.#keys.length > MAX_NOTED) return;
    for (const key of keys) {
      this.#keys.push(key);
      this.#at.push(at);
    }
  }

  #told(payload: Buffer): Told {
    if (payload.length === 0) return NOTHING;
    const kept = this.#kept.find((one) => one.payload.equals(payload));
    if (kept !== undefined) return kept.told;
    const told = this.#read(payload);
    this.#kept.unshift({ payload: Buffer.from(payload), told });
    this.#kept.splice(KEPT);
    return told;
  }
}
