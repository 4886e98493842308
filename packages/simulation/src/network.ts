import type { FeedConnection, FeedTransport, FeedTransportEvents } from "@live-orders/client/feed-transport";
import { unwatchAckSchema, watchAckSchema } from "@live-orders/protocol/socket-events";
import type { FakeTimers } from "@live-orders/testkit/fake-timers";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { ApiNode, NodeSocket } from "./api-node.ts";
import type { SimulationCounters } from "./counters.ts";
import { Link } from "./link.ts";

interface Line {
  readonly up: Link;
  readonly down: Link;
  readonly socket: NodeSocket;
}

/** One client's cable to the nodes: it may be unplugged, cut, stalled, and lose or double what is on it. */
export class Network {
  readonly #nodes: () => readonly ApiNode[];
  readonly #timers: FakeTimers;
  readonly #random: SeededRandom;
  readonly #counters: SimulationCounters;
  readonly #lines = new Set<Line>();
  readonly #requests = new Set<() => void>();
  #connections = 0;
  plugged = true;
  /** Chance that an answer is lost after the request was carried out, and that a request arrives twice. */
  lossy = 0;

  constructor(parts: {
    nodes: () => readonly ApiNode[];
    timers: FakeTimers;
    random: SeededRandom;
    counters: SimulationCounters;
  }) {
    this.#nodes = parts.nodes;
    this.#timers = parts.timers;
    this.#random = parts.random;
    this.#counters = parts.counters;
  }

  /** Cuts everything that is open; what is under way is lost. */
  cut(): void {
    for (const line of [...this.#lines]) line.socket.drop("cut");
    for (const abort of [...this.#requests]) abort();
  }

  /** While stalled the client reads nothing from its sockets. */
  stall(stalled: boolean): void {
    for (const { down } of this.#lines) down.stall(stalled);
  }

  transport(): FeedTransport {
    return { name: "socket", open: (events) => this.#open(events) };
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const request = new Request(
      new URL(input instanceof Request ? input.url : input, "http://node"),
      init ?? {},
    );
    const body = request.body === null ? null : await request.text();
    await this.#delay(init?.signal ?? undefined);
    const node = this.#pickNode();
    if (node === null) throw new TypeError("unreachable");
    const { method, headers, signal } = request;
    const arrived = { method, headers, signal, body, url: new URL(request.url) };
    if (method !== "GET" && this.#random.chance(this.lossy)) {
      this.#counters.count("request arrived twice");
      void node.request(arrived);
    }
    const answer = await this.#unlessCut(node.request(arrived), init?.signal ?? undefined);
    if (this.#random.chance(this.lossy)) {
      this.#counters.count(method === "GET" ? "answer to a read lost" : "answer to a write lost");
      throw new TypeError("the answer was lost");
    }
    await this.#delay(init?.signal ?? undefined);
    return answer;
  };

  #pickNode(): ApiNode | null {
    const up = this.#nodes().filter((node) => node.up);
    return this.plugged && up.length > 0 ? this.#random.pick(up) : null;
  }

  #delay(signal?: AbortSignal): Promise<void> {
    const passed = new Promise<void>((resolve) => void this.#timers.after(this.#random.int(0, 15), resolve));
    return this.#unlessCut(passed, signal);
  }

  /** Fails when the cable is cut or the caller gives up meanwhile. */
  #unlessCut<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        done();
        reject(new TypeError("cut"));
      };
      const done = () => {
        this.#requests.delete(abort);
        signal?.removeEventListener("abort", abort);
      };
      if (signal?.aborted) return void abort();
      this.#requests.add(abort);
      signal?.addEventListener("abort", abort);
      work.then(
        (value) => {
          done();
          resolve(value);
        },
        (error: unknown) => {
          done();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  #open(events: FeedTransportEvents): FeedConnection {
    const state: { line: Line | null; over: boolean } = { line: null, over: false };
    const end = (cause: string) => {
      if (state.over) return;
      state.over = true;
      events.lost(cause);
    };
    this.#timers.after(this.#random.int(1, 20), () => {
      if (state.over) return;
      const node = this.#pickNode();
      if (node === null) return void end("unreachable");
      state.line = this.#connect(node, { ...events, lost: end });
      events.opened();
    });
    return {
      watch: (watch, done) =>
        this.#call(state.line, (node, socket) => {
          node.watch(socket, watch, (ack) => done(watchAckSchema.parse(ack)));
        }),
      unwatch: (done) =>
        this.#call(state.line, (node, socket) => {
          node.unwatch(socket, () => done(unwatchAckSchema.parse({ ok: true })));
        }),
      close: () => {
        state.over = true;
        this.#hangUp(state.line);
      },
    };
  }

  #connect(node: ApiNode, events: FeedTransportEvents): Line {
    const down = new Link(this.#timers, this.#random);
    const up = new Link(this.#timers, this.#random);
    const socket = node.connect(`s${++this.#connections}`, down, {
      ...events,
      lost: (cause) => {
        up.cut();
        this.#lines.delete(line);
        node.relay.unwatch(socket);
        events.lost(cause);
      },
    });
    const line: Line = { up, down, socket };
    this.#lines.add(line);
    this.#owners.set(socket, node);
    return line;
  }

  readonly #owners = new WeakMap<NodeSocket, ApiNode>();

  #call(line: Line | null, send: (node: ApiNode, socket: NodeSocket) => void): void {
    const node = line && this.#owners.get(line.socket);
    if (!line || !node) return;
    line.up.send(50, () => {
      send(node, line.socket);
    });
  }

  #hangUp(line: Line | null): void {
    line?.socket.drop("closed by the client");
  }
}
