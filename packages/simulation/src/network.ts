import type { FeedConnection, FeedTransport, FeedTransportEvents } from "@live-orders/client/feed-transport";
import type { ChangeBatch } from "@live-orders/protocol/change";
import { unwatchAckSchema, watchAckSchema } from "@live-orders/protocol/socket-events";
import type { FakeTimers } from "@live-orders/testkit/fake-timers";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { ApiNode } from "./api-node.ts";
import type { SimulationCounters } from "./counters.ts";
import { exchange, unlessEnded } from "./http-cable.ts";
import { Link } from "./link.ts";
import type { NodeRequest } from "./node-routes.ts";
import type { NodeReader } from "./node-reader.ts";
import type { NodeSocket } from "./node-socket.ts";

export interface NetworkParts {
  readonly nodes: () => readonly ApiNode[];
  readonly timers: FakeTimers;
  readonly random: SeededRandom;
  readonly counters: SimulationCounters;
}

/** A connection that stays open: a socket, or an answer that goes on and on. */
interface Line {
  readonly up: Link;
  readonly down: Link;
  reader: NodeReader | null;
}

const QUICK_MS = 8;

/** One client's cable to the nodes: it may be unplugged, cut, stalled, slow, and lose, halve or double what is on it. */
export class Network {
  readonly #parts: NetworkParts;
  readonly #lines = new Set<Line>();
  readonly #requests = new Set<() => void>();
  #longestMs = QUICK_MS;
  plugged = true;
  /** Sockets do not get through: a proxy in between lets none pass. */
  blocksSockets = false;
  /** Chance that an answer is lost or broken off, that a request arrives twice, that a batch comes again. */
  lossy = 0;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** Cuts everything that is open; what is under way is lost. */
  cut(): void {
    for (const line of [...this.#lines]) line.reader?.drop("cut");
    for (const abort of [...this.#requests]) abort();
  }

  /** While stalled the client reads nothing from its connections. */
  stall(stalled: boolean): void {
    for (const { down } of this.#lines) down.stall(stalled);
  }

  /** How long each packet may take, in milliseconds; null: as usual. */
  slow(longestMs: number | null): void {
    this.#longestMs = longestMs ?? QUICK_MS;
    for (const { up, down } of this.#lines) {
      up.delay(this.#longestMs);
      down.delay(this.#longestMs);
    }
  }

  /** Sockets, as Socket.IO gives them; on a lossy network a batch may come again, but none of a watch that was ended. */
  transport(): FeedTransport {
    const open: FeedTransport["open"] = (events) => {
      const { deliver, forget } = this.#doubling(events.changes);
      const connection = this.open({ ...events, changes: deliver });
      const unwatch: FeedConnection["unwatch"] = (done) =>
        connection.unwatch((ack) => {
          forget();
          done(ack);
        });
      return { ...connection, unwatch };
    };
    return { name: "socket", open };
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(
      new URL(input instanceof Request ? input.url : input, "http://node"),
      init ?? {},
    );
    const { method, headers, signal } = request;
    const body = request.body === null ? null : await request.text();
    const asked = { method, headers, signal, body, url: new URL(request.url) };
    await this.#delay([signal]);
    const node = this.#pickNode();
    if (node === null) throw new TypeError("unreachable");
    if (asked.url.pathname === "/api/changes/stream") return this.#stream(node, asked);
    const answer = await exchange({ ...this.#parts, lossy: this.lossy }, node, asked, (work) =>
      unlessEnded(work, [signal, node.gone], this.#requests),
    );
    await this.#delay([signal, node.gone]);
    return answer;
  };

  #pickNode(): ApiNode | null {
    const up = this.#parts.nodes().filter((node) => node.up);
    return this.plugged && up.length > 0 ? this.#parts.random.pick(up) : null;
  }

  #delay(signals: readonly AbortSignal[]): Promise<void> {
    const { timers, random } = this.#parts;
    const passed = new Promise<void>((resolve) => {
      timers.after(random.int(0, 2 * this.#longestMs), resolve);
    });
    return unlessEnded(passed, signals, this.#requests);
  }

  #stream(node: ApiNode, request: NodeRequest): Promise<Response> {
    const line = this.#line();
    const answered = new Promise<Response>((resolve, reject) => {
      line.reader = node.stream(request, line.down, resolve, (withinEvent) => {
        this.#lines.delete(line);
        if (withinEvent) this.#parts.counters.count("stream cut within an event");
        reject(new TypeError("cut"));
      });
    });
    request.signal.addEventListener("abort", () => line.reader?.drop("closed by the client"));
    if (request.signal.aborted) line.reader?.drop("closed by the client");
    return answered;
  }

  #line(): Line {
    const { timers, random } = this.#parts;
    const line: Line = { up: new Link(timers, random), down: new Link(timers, random), reader: null };
    line.up.delay(this.#longestMs);
    line.down.delay(this.#longestMs);
    this.#lines.add(line);
    return line;
  }

  /** A socket, bare. */
  open(events: FeedTransportEvents): FeedConnection {
    const { timers, random } = this.#parts;
    let socket: { readonly node: ApiNode; readonly up: Link; readonly socket: NodeSocket } | null = null;
    let over = false;
    const end = (cause: string) => {
      if (over) return;
      over = true;
      events.lost(cause);
    };
    timers.after(random.int(1, 20), () => {
      if (over) return;
      const node = this.blocksSockets ? null : this.#pickNode();
      if (node === null) return end("unreachable");
      socket = this.#connect(node, { ...events, lost: end });
      events.opened();
    });
    const call = (send: (node: ApiNode, socket: NodeSocket) => void) => {
      const to = socket;
      to?.up.send(50, () => send(to.node, to.socket));
    };
    return {
      watch: (watch, done) =>
        call((node, to) => node.watch(to, watch, (ack) => done(watchAckSchema.parse(ack)))),
      unwatch: (done) =>
        call((node, to) => node.unwatch(to, () => done(unwatchAckSchema.parse({ ok: true })))),
      close: () => {
        over = true;
        socket?.socket.drop("closed by the client");
      },
    };
  }

  #connect(node: ApiNode, events: FeedTransportEvents) {
    const line = this.#line();
    const socket = node.connect(line.down, {
      ...events,
      lost: (cause) => {
        line.up.cut();
        this.#lines.delete(line);
        events.lost(cause);
      },
    });
    line.reader = socket;
    return { node, up: line.up, socket };
  }

  /** Now and then the batch before comes again. */
  #doubling(take: (batch: ChangeBatch) => void) {
    const { random, counters } = this.#parts;
    let before: ChangeBatch | null = null;
    const deliver = (batch: ChangeBatch): void => {
      take(batch);
      const again = random.chance(this.lossy) ? before : null;
      before = batch;
      if (again === null) return;
      counters.count("batch came again");
      take(again);
    };
    return { deliver, forget: () => void (before = null) };
  }
}
