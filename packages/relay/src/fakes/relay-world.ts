import type { Status } from "@live-orders/protocol/status";
import type { ResetReason } from "@live-orders/protocol/socket-events";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { FakeTimers } from "@live-orders/testkit/fake-timers";
import type { RelayLimits } from "../relay-limits.ts";
import { silentObserver, type RelayObserver } from "../relay-observer.ts";
import { createRelay, type Relay } from "../relay.ts";
import type { ReadOutcome, ReadRequest } from "../reads.ts";
import { FakeDatabase } from "./fake-database.ts";
import { FakeOutlet, FakeSubscriber } from "./fake-subscriber.ts";

/** A relay over a fake database, in a time of its own. */
export class RelayWorld {
  readonly timers = new FakeTimers();
  readonly db = new FakeDatabase();
  readonly sockets = new FakeOutlet("socket-io");
  readonly streams = new FakeOutlet("sse");
  readonly faults: string[] = [];
  readonly told: string[] = [];
  readonly relay: Relay;
  #readers = 0;

  constructor(
    limits: Partial<RelayLimits> = {},
    rungs: readonly ("history" | "database")[] = ["history", "database"],
  ) {
    const { source, now } = this.db;
    const histories = rungs.map((rung) => this.db[rung]);
    const { timers } = this;
    this.relay = createRelay({ source, histories, now, timers, limits, observer: this.#observer() });
  }

  async open(): Promise<this> {
    this.db.open();
    this.relay.start();
    await this.timers.settle();
    return this;
  }

  /** Commits an insert and lets the source give it. */
  async insert(status: Status = "pending"): Promise<void> {
    this.db.commit(null, status);
    await this.tell();
  }

  /** Lets the source give all there is. */
  async tell(): Promise<void> {
    this.db.tell();
    await this.timers.settle();
  }

  async restart(reason: ResetReason, generation?: string): Promise<void> {
    this.db.restart(reason, generation);
    await this.timers.settle();
  }

  subscriber(outlet: FakeOutlet = this.sockets): FakeSubscriber {
    this.#readers += 1;
    return new FakeSubscriber(outlet, `reader-${this.#readers}`);
  }

  /** Watches, and lets everything settle that can without time passing. */
  async watch(
    statuses: readonly Status[] = ["pending"],
    after?: CursorParts,
    reader: FakeSubscriber = this.subscriber(),
  ): Promise<FakeSubscriber> {
    this.relay.watch(reader, { statuses, ...(after && { after }) }, reader.done);
    await this.timers.settle();
    return reader;
  }

  /** Starts a read; its outcome is null as long as it waits. */
  read(want: Partial<ReadRequest> = {}): { outcome: ReadOutcome | null } {
    const reading: { outcome: ReadOutcome | null } = { outcome: null };
    const defaults = { after: null, limit: 500, waitMs: 0, signal: new AbortController().signal };
    void this.relay.read({ statuses: ["pending"], ...defaults, ...want }).then((outcome) => {
      reading.outcome = outcome;
    });
    return reading;
  }

  #observer(): RelayObserver {
    return {
      ...silentObserver,
      emitted: (changes) => this.told.push(`emitted ${changes.length}`),
      replayed: (rung, changes) => this.told.push(`replayed ${rung} ${changes}`),
      replayOpened: (rung) => this.told.push(`opened ${rung}`),
      reset: (reason) => this.told.push(`reset ${reason}`),
      sourceReset: (reason) => this.told.push(`source reset ${reason}`),
      sourceDown: ({ cause }) => this.told.push(`source down ${cause}`),
      evicted: () => this.told.push("evicted"),
      closed: (why) => this.told.push(`closed ${why}`),
      fault: (what) => this.faults.push(what),
    };
  }
}
