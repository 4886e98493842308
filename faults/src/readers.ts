import type { Clock } from "@live-orders/client/clock";
import type { TransportName } from "@live-orders/client/transport-name";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { eventually } from "@live-orders/testkit/eventually";
import type { ReaderRecord } from "./audit.ts";
import { Reader } from "./reader.ts";
import { Route } from "./route.ts";

export interface ReadersOptions {
  readonly urls: readonly string[];
  readonly count: number;
  /** All of them by default, sockets above all. */
  readonly transports?: readonly TransportName[];
  /** The rooms in turn; by default all statuses, each one, and two of them. */
  readonly rooms?: readonly (readonly Status[])[];
  readonly clock?: Clock;
}

const ROOMS: readonly (readonly Status[])[] = [
  STATUSES,
  ["pending"],
  ["shipped"],
  ["delivered"],
  ["pending", "shipped"],
];
/** In this order again and again: most are sockets. */
const MIX: readonly TransportName[] = [
  "socket.io",
  "sse",
  "socket.io",
  "long-poll",
  "socket.io",
  "socket.io",
  "poll",
  "socket.io",
];
const START_WAIT_MS = 120_000;
/** Openings under way at once: a listening socket's queue is short. */
const AT_ONCE = 50;

/** Clients of the product on every transport and in many rooms. */
export class Readers {
  readonly all: readonly Reader[];

  private constructor(all: readonly Reader[]) {
    this.all = all;
  }

  /** Resolves when all are live and have read their pages. */
  static async open({
    urls,
    count,
    transports = MIX,
    rooms = ROOMS,
    clock,
  }: ReadersOptions): Promise<Readers> {
    const clocked = clock && { clock };
    const all = Array.from({ length: count }, (_, index) => {
      const transport = at(transports, index);
      // Each transport meets each room and each node.
      const statuses = at(rooms, index + Math.floor(index / transports.length));
      return new Reader({ transport, statuses, route: new Route(urls, index), ...clocked });
    });
    const readers = new Readers(all);
    for (let begun = 0; begun < count; begun += AT_ONCE) {
      const some = all.slice(begun, begun + AT_ONCE);
      for (const { live } of some) live.start();
      await eventually(() => some.every(({ isWhole }) => isWhole), { within: START_WAIT_MS, every: 50 });
    }
    return readers;
  }

  get records(): readonly ReaderRecord[] {
    return this.all;
  }

  get resets(): number {
    return this.all.reduce((sum, { resets }) => sum + resets, 0);
  }

  get snapshots(): number {
    return this.all.reduce((sum, { snapshots }) => sum + snapshots, 0);
  }

  on(transport: TransportName): Reader[] {
    return this.all.filter(({ name }) => name.startsWith(`${transport} `));
  }

  /** Rows that differ from the table, over all readers. */
  differences(table: ReadonlyMap<number, Order>): number {
    return this.all.reduce((sum, reader) => sum + reader.differences(table), 0);
  }

  watchSilence(): void {
    for (const reader of this.all) reader.watchSilence();
  }

  stop(): void {
    for (const { live } of this.all) live.stop();
  }
}

const at = <Item>(items: readonly Item[], index: number): Item => {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError("There is nothing to choose from");
  return item;
};
