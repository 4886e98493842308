import { watchSchema, type ResetReason } from "@live-orders/protocol/socket-events";
import { problem, type ProblemSlug } from "@live-orders/protocol/problem";
import type { FeedTransportEvents } from "@live-orders/client/feed-transport";
import type { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { RelayLimits } from "@live-orders/relay/relay-limits";
import { createRelay, type Relay } from "@live-orders/relay/relay";
import type { RelayObserver } from "@live-orders/relay/relay-observer";
import type { Outlet } from "@live-orders/relay/subscriber";
import type { WatchOutcome } from "@live-orders/relay/watches";
import { decodeCursor } from "@live-orders/store/cursor-parts";
import type { FakeTimers } from "@live-orders/testkit/fake-timers";
import type { MemoryArchive } from "@live-orders/testkit/memory-archive";
import type { MemoryDatabase } from "@live-orders/testkit/memory-database";
import { MemoryHistory, MemorySource } from "@live-orders/testkit/memory-source";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { Link } from "./link.ts";
import type { NodeReader } from "./node-reader.ts";
import { answerRequest, refuse, statusesOf, type NodeRequest } from "./node-routes.ts";
import { NodeSocket } from "./node-socket.ts";
import { NodeStream } from "./node-stream.ts";

/** Small, so that every bound is met in a run of some hundred changes. */
export const NODE_LIMITS = {
  logChanges: 24,
  pageChanges: 4,
  lowWaterBytes: 600,
  backlogBytes: 2_400,
  totalBacklogBytes: 9_600,
  drainMs: 3_000,
} satisfies Partial<RelayLimits>;

interface NodeParts {
  readonly database: MemoryDatabase;
  /** The durable history, if there is one. */
  readonly archive: MemoryArchive | null;
  readonly timers: FakeTimers;
  readonly random: SeededRandom;
  readonly observer: RelayObserver;
}

/** An API node: a relay over a stream of its own, and the routes, without Express and Socket.IO. */
export class ApiNode {
  readonly relay: Relay;
  readonly histories: readonly MemoryHistory[];
  readonly #parts: NodeParts;
  readonly #source: MemorySource;
  readonly #readers = new Set<NodeReader>();
  readonly #sockets: Outlet = this.#outlet("socket-io");
  readonly #streams: Outlet = this.#outlet("sse");
  readonly #unsubscribe: () => void;
  readonly #end = new AbortController();
  #cancelBeat: () => void = () => undefined;
  #connections = 0;
  /** While set the node's stream stands still: it lags. */
  lagging = false;

  constructor(parts: NodeParts) {
    const { database, archive, timers, random, observer } = parts;
    this.#parts = parts;
    this.#source = new MemorySource(database);
    const kept = archive === null ? [] : [new MemoryHistory(archive, "history")];
    this.histories = [...kept, new MemoryHistory(database)];
    const { histories } = this;
    const store = database.store();
    const now = () => store.now();
    const limits = NODE_LIMITS;
    this.relay = createRelay({ source: this.#source, histories, now, timers, limits, observer });
    this.relay.start();
    this.#unsubscribe = database.subscribe(() => {
      timers.after(random.int(0, 30), () => this.#advance());
    });
    this.#beat();
  }

  get up(): boolean {
    return !this.#end.signal.aborted;
  }

  /** Aborts when the node is gone: requests that wait for an answer end with it. */
  get gone(): AbortSignal {
    return this.#end.signal;
  }

  request(request: NodeRequest): Promise<Response> {
    return answerRequest(this.#parts.database.store(), this.relay, request);
  }

  connect(link: Link, events: FeedTransportEvents): NodeSocket {
    const parts = { id: this.#newId("socket"), outlet: this.#sockets, link };
    const socket: NodeSocket = new NodeSocket(parts, events, () => this.#forget(socket));
    this.#readers.add(socket);
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

  /** `GET /api/changes/stream`; `answer` is called once, unless the stream ends before. */
  stream(
    { url }: NodeRequest,
    link: Link,
    answer: (response: Response) => void,
    onEnd: (withinEvent: boolean) => void,
  ): NodeStream | null {
    const cursor = url.searchParams.get("after");
    const after = cursor === null ? undefined : decodeCursor(cursor);
    if (after === null) {
      answer(refuse("validation"));
      return null;
    }
    const { random, timers } = this.#parts;
    const parts = { id: this.#newId("stream"), outlet: this.#streams, link, random, timers };
    const stream: NodeStream = new NodeStream(parts, answer, (withinEvent) => {
      this.#forget(stream);
      onEnd(withinEvent);
    });
    this.#readers.add(stream);
    const want = { statuses: statusesOf(url), ...(after && { after }) };
    this.relay.watch(stream, want, (outcome) => stream.watched(outcome));
    return stream;
  }

  /** The stream is cut and reopened by its supervisor. */
  failStream(): void {
    this.#source.fail();
  }

  /** While the database is away neither the stream nor a history gives anything. */
  setAway(away: boolean): void {
    this.lagging = away;
    for (const history of this.histories) history.failing = away;
  }

  /** Everything of it is gone at once. */
  crash(): void {
    this.#cancelBeat();
    this.#unsubscribe();
    this.#end.abort();
    for (const reader of [...this.#readers]) reader.drop("the node is gone");
    void this.relay.stop();
  }

  #newId(kind: string): string {
    this.#connections += 1;
    return `${kind} ${this.#connections}`;
  }

  #forget(reader: NodeReader): void {
    this.#readers.delete(reader);
    this.relay.unwatch(reader);
  }

  #outlet(name: Outlet["name"]): Outlet {
    const outlet: Outlet = {
      name,
      broadcast: (room, batch: EncodedBatch) => {
        for (const reader of this.#readers)
          if (reader.outlet === outlet && reader.room === room) reader.send(batch);
      },
    };
    return outlet;
  }

  #advance(): void {
    const { random } = this.#parts;
    if (this.up && !this.lagging) this.#source.advance(random.chance(0.3) ? random.int(1, 3) : Infinity);
  }

  /** The stream's sign of life. */
  #beat(): void {
    this.#cancelBeat = this.#parts.timers.after(500, () => {
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
