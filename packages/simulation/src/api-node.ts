import { watchSchema, type ResetReason } from "@live-orders/protocol/socket-events";
import { problem, type ProblemSlug } from "@live-orders/protocol/problem";
import type { FeedTransportEvents } from "@live-orders/client/feed-transport";
import type { Room } from "@live-orders/protocol/room";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import { createRelay, type Relay } from "@live-orders/relay/relay";
import type { WatchOutcome } from "@live-orders/relay/watches";
import { silentObserver } from "@live-orders/relay/relay-observer";
import type { Outlet, Subscriber } from "@live-orders/relay/subscriber";
import { decodeCursor } from "@live-orders/store/cursor-parts";
import type { FakeTimers } from "@live-orders/testkit/fake-timers";
import type { MemoryDatabase } from "@live-orders/testkit/memory-database";
import { MemoryHistory, MemorySource } from "@live-orders/testkit/memory-source";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { SimulationCounters } from "./counters.ts";
import type { Link } from "./link.ts";
import { answerRequest, type NodeRequest } from "./node-routes.ts";

/** Small, so that every bound is met in a run of some hundred changes. */
const LIMITS = {
  logChanges: 24,
  pageChanges: 4,
  lowWaterBytes: 600,
  backlogBytes: 2_400,
  totalBacklogBytes: 9_600,
  drainMs: 3_000,
};

/** A socket at the node: what it is sent goes over a link, in order. */
export class NodeSocket implements Subscriber {
  readonly id: string;
  readonly outlet: Outlet;
  readonly link: Link;
  readonly #events: FeedTransportEvents;
  readonly #sockets: Set<NodeSocket>;
  room: Room | null = null;
  #open = true;

  constructor(id: string, outlet: Outlet, link: Link, events: FeedTransportEvents, sockets: Set<NodeSocket>) {
    this.id = id;
    this.outlet = outlet;
    this.link = link;
    this.#events = events;
    this.#sockets = sockets;
  }

  send({ batch, json }: EncodedBatch): void {
    this.link.send(json.length, () => {
      this.#events.changes(batch);
    });
  }

  reset(reset: Parameters<Subscriber["reset"]>[0]): void {
    this.link.send(100, () => {
      this.#events.reset(reset);
    });
  }

  join(room: Room): void {
    this.room = room;
  }

  leave(): void {
    this.room = null;
  }

  backlogBytes(): number {
    return this.link.bytes;
  }

  close(why: string): void {
    this.drop(`closed: ${why}`);
  }

  /** The connection ends here and, a little later, at the client. */
  drop(cause: string): void {
    if (!this.#open) return;
    this.#open = false;
    this.link.cut();
    this.#sockets.delete(this);
    this.#events.lost(cause);
  }
}

/** An API node: a relay over a stream of its own, and the routes, without Express and Socket.IO. */
export class ApiNode {
  readonly relay: Relay;
  readonly history: MemoryHistory;
  readonly sockets = new Set<NodeSocket>();
  readonly #database: MemoryDatabase;
  readonly #source: MemorySource;
  readonly #timers: FakeTimers;
  readonly #random: SeededRandom;
  readonly #outlet: Outlet;
  readonly #unsubscribe: () => void;
  #cancelBeat: () => void = () => undefined;
  up = true;
  /** While set the node's stream stands still: it lags. */
  lagging = false;

  constructor(
    database: MemoryDatabase,
    timers: FakeTimers,
    random: SeededRandom,
    counters: SimulationCounters,
  ) {
    this.#database = database;
    this.#timers = timers;
    this.#random = random;
    this.#source = new MemorySource(database);
    this.history = new MemoryHistory(database);
    this.#outlet = { name: "socket-io", broadcast: (room, batch) => this.#broadcast(room, batch) };
    const store = database.store();
    this.relay = createRelay({
      source: this.#source,
      histories: [this.history],
      now: () => store.now(),
      timers,
      limits: LIMITS,
      observer: {
        ...silentObserver,
        replayed: (rung) => counters.count(`replay from ${rung}`),
        reset: (reason) => counters.count(`reset: ${reason}`),
        evicted: () => counters.count("slow reader taken out of its room"),
        closed: (why) => counters.count(`connection closed: ${why}`),
        fault: (what) => counters.count(`fault seen by the relay: ${what}`),
      },
    });
    this.relay.start();
    this.#unsubscribe = database.subscribe(() => {
      this.#timers.after(this.#random.int(0, 30), () => this.#advance());
    });
    this.#beat();
  }

  /** Requests that wait for an answer end with the node. */
  async request(request: NodeRequest): Promise<Response> {
    return answerRequest(this.#database.store(), this.relay, request);
  }

  connect(id: string, link: Link, events: FeedTransportEvents): NodeSocket {
    const socket = new NodeSocket(id, this.#outlet, link, events, this.sockets);
    this.sockets.add(socket);
    return socket;
  }

  watch(socket: NodeSocket, payload: unknown, done: (ack: unknown) => void): void {
    const watch = watchSchema.parse(payload);
    const after = watch.after === undefined ? undefined : decodeCursor(watch.after);
    const answer = (ack: unknown) => socket.link.send(100, () => done(ack));
    if (after === null) return answer(refusal("validation"));
    const want = { statuses: watch.statuses, ...(after && { after }) };
    this.relay.watch(socket, want, (outcome) => answer(ackOf(outcome)));
  }

  unwatch(socket: NodeSocket, done: () => void): void {
    this.relay.unwatch(socket);
    socket.link.send(50, done);
  }

  /** The stream is cut and reopened by its supervisor. */
  failStream(): void {
    this.#source.fail();
  }

  /** Everything of it is gone at once. */
  crash(): void {
    this.up = false;
    this.#cancelBeat();
    this.#unsubscribe();
    for (const socket of [...this.sockets]) {
      this.relay.unwatch(socket);
      socket.drop("the node is gone");
    }
    void this.relay.stop();
  }

  #broadcast(room: Room, batch: EncodedBatch): void {
    for (const socket of this.sockets) if (socket.room === room) socket.send(batch);
  }

  #advance(): void {
    if (this.up && !this.lagging)
      this.#source.advance(this.#random.chance(0.3) ? this.#random.int(1, 3) : Infinity);
  }

  /** The stream's sign of life. */
  #beat(): void {
    this.#cancelBeat = this.#timers.after(500, () => {
      if (!this.lagging) this.#source.advance();
      this.#beat();
    });
  }
}

const refusal = (slug: ProblemSlug) => ({
  ok: false,
  problem: problem(slug, { detail: slug, requestId: "-" }),
});

function ackOf(outcome: WatchOutcome): { ok: boolean; reset?: ResetReason } {
  if (outcome.kind !== "watching") return refusal(outcome.kind);
  const { kind: _, ...ack } = outcome;
  return { ok: true, ...ack };
}
