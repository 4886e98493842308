import type { Change } from "@live-orders/protocol/change";
import { problem } from "@live-orders/protocol/problem";
import { isSeenBy } from "@live-orders/protocol/room";
import type {
  ClientToServerEvents,
  ResetReason,
  ServerToClientEvents,
} from "@live-orders/protocol/socket-events";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { Server, type Socket } from "socket.io";
import { type Answer, type FakeRequest, OrderAnswers, refusal } from "./order-answers.ts";
import { cursorAt, OrderHistory, positionAt, positionOf } from "./order-history.ts";

/** What the server does with a request: answers, refuses, or cuts the connection before or after it was carried out. */
export type Fate = "answer" | "unavailable" | "not-valid" | "cut-before" | "cut-after";

type OrdersSocket = Socket<ClientToServerEvents, ServerToClientEvents>;
interface Watcher {
  statuses: readonly Status[];
  position: string;
  counts: boolean;
}

/** A small real server of the contract, over HTTP and Socket.IO, that keeps its orders in RAM and can be made to fail. */
export class FakeOrdersServer {
  readonly history = new OrderHistory();
  readonly requests: FakeRequest[] = [];
  /** Decides what becomes of a request; may wait. */
  fate: (request: FakeRequest) => Fate | Promise<Fate> = () => "answer";
  /** Waits before an answer to a request that was carried out is sent. */
  holdAnswer: (request: FakeRequest) => Promise<void> | void = () => undefined;
  /** Waits before a `watch` is served. */
  holdWatch: () => Promise<void> | void = () => undefined;
  refuseWatches = false;
  /** Changes go out without `before` and `after`. */
  withoutImages = false;
  watches = 0;
  #oldest = positionAt(0);
  readonly #answers = new OrderAnswers(this.history, () => {
    this.publish();
  });
  /** Event streams and requests that wait for a change. */
  readonly #listeners = new Set<() => void>();
  /** Counts a socket's watches and unwatches: a later one ends the one that is under way. */
  readonly #turns = new WeakMap<OrdersSocket, number>();
  readonly #watchers = new Map<OrdersSocket, Watcher>();
  #http: HttpServer | null = null;
  #io: Server<ClientToServerEvents, ServerToClientEvents> | null = null;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const http = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#http = http;
    this.#openSockets(http);
    await new Promise<void>((resolve) => http.listen(this.#port, "127.0.0.1", resolve));
    const address = http.address();
    if (address !== null && typeof address === "object") this.#port = address.port;
  }

  /** Ends every connection and stops listening; `start` listens on the same port again. */
  async stop(): Promise<void> {
    this.#http?.closeAllConnections();
    await this.#io?.close();
    this.#watchers.clear();
  }

  /** Cuts every connection, of whatever kind. */
  cut(): void {
    this.#http?.closeAllConnections();
    this.cutSockets();
  }

  /** Cuts every socket. */
  cutSockets(): void {
    for (const socket of this.#io?.sockets.sockets.values() ?? []) socket.conn.close();
  }

  get sockets(): number {
    return this.#io?.sockets.sockets.size ?? 0;
  }

  /** Sends the changes that the history holds beyond what the watchers have seen. */
  publish(): void {
    for (const tell of [...this.#listeners]) tell();
    for (const [socket, watcher] of this.#watchers) this.#catchUp(socket, watcher);
  }

  insert(...args: Parameters<OrderHistory["insert"]>): Change {
    return this.#published(this.history.insert(...args));
  }

  update(...args: Parameters<OrderHistory["update"]>): Change {
    return this.#published(this.history.update(...args));
  }

  remove(id: number): Change {
    return this.#published(this.history.remove(id));
  }

  /** The history before now is gone: a cursor of before is answered by a reset. */
  forgetHistory(): void {
    this.history.changes.splice(0);
    this.#oldest = this.history.position;
  }

  /** Tells every watcher that what it holds is void. */
  resetAll(reason: ResetReason): void {
    for (const [socket, watcher] of this.#watchers) {
      watcher.position = this.history.position;
      socket.emit("reset", { reason, cursor: cursorAt(this.history.position) });
    }
  }

  /** A message as it is, right or wrong, to every watcher. */
  sendRaw(event: string, payload: unknown): void {
    for (const socket of this.#watchers.keys())
      (socket as unknown as { emit(name: string, payload: unknown): void }).emit(event, payload);
  }

  #published(change: Change): Change {
    this.publish();
    return change;
  }

  #openSockets(http: HttpServer): void {
    const io = new Server<ClientToServerEvents, ServerToClientEvents>(http, {
      transports: ["websocket"],
      pingInterval: 2000,
      pingTimeout: 2000,
    });
    this.#io = io;
    io.on("connection", (socket) => {
      socket.on("watch", (watch, ack) => {
        void this.#watch(socket, watch, ack);
      });
      socket.on("unwatch", (ack) => {
        this.#nextTurn(socket);
        this.#watchers.delete(socket);
        ack({ ok: true });
      });
      socket.on("disconnect", () => this.#watchers.delete(socket));
    });
  }

  async #watch(
    socket: OrdersSocket,
    watch: Parameters<ClientToServerEvents["watch"]>[0],
    ack: Parameters<ClientToServerEvents["watch"]>[1],
  ): Promise<void> {
    this.watches += 1;
    const turn = this.#nextTurn(socket);
    await this.holdWatch();
    if (turn !== this.#turns.get(socket)) {
      ack({ ok: false, problem: problem("replaced", { detail: "a later one came", requestId: "fake" }) });
      return;
    }
    if (this.refuseWatches) {
      ack({ ok: false, problem: problem("validation", { detail: "told to", requestId: "fake" }) });
      return;
    }
    const position = watch.after === undefined ? this.history.position : positionOf(watch.after);
    const watcher = { statuses: watch.statuses, position, counts: watch.counts === true };
    const lost = position < this.#oldest;
    if (lost) watcher.position = this.history.position;
    const replayed = lost ? 0 : this.#catchUp(socket, watcher);
    this.#watchers.set(socket, watcher);
    const cursor = cursorAt(watcher.position);
    const reset = lost ? { reset: "history-lost" as const } : {};
    ack({ ok: true, position: watcher.position, cursor, replayed, ...reset });
    if (watcher.counts) socket.emit("counts", this.#answers.counts());
  }

  #nextTurn(socket: OrdersSocket): number {
    const turn = (this.#turns.get(socket) ?? 0) + 1;
    this.#turns.set(socket, turn);
    return turn;
  }

  #catchUp(socket: OrdersSocket, watcher: Watcher): number {
    const changes = this.#changesAfter(watcher.position, watcher.statuses);
    if (watcher.position === this.history.position) return 0;
    watcher.position = this.history.position;
    const { position } = watcher;
    socket.emit("changes", { changes, position, cursor: cursorAt(position) });
    if (watcher.counts) socket.emit("counts", this.#answers.counts());
    return changes.length;
  }

  #changesAfter(position: string, statuses: readonly Status[]): Change[] {
    const changes = this.history.changes.filter(
      (change) => change.position > position && isSeenBy(change, statuses),
    );
    if (!this.withoutImages) return changes;
    return changes.map((change) => ({ ...change, before: null, after: null }));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readRequest(request);
    this.requests.push(asked);
    const fate = await this.fate(asked);
    if (fate === "cut-before") {
      request.socket.destroy();
      return;
    }
    if (fate === "answer") await this.#untilChanged(asked.query);
    const answer =
      fate === "answer" || fate === "cut-after"
        ? this.#answer(asked)
        : refusal(fate === "not-valid" ? "validation" : fate, "told to");
    if (asked.path === "/api/changes/stream" && fate === "answer") {
      this.#stream(asked.query, response);
      return;
    }
    await this.holdAnswer(asked);
    if (fate === "cut-after") {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { "Content-Type": "application/json", "Retry-After": "0" });
    response.end(JSON.stringify(answer.body));
  }

  #answer(request: FakeRequest): Answer {
    return request.path === "/api/changes" ? this.#changes(request.query) : this.#answers.once(request);
  }

  #changes(query: URLSearchParams): Answer {
    const after = query.get("after");
    const statuses = query.getAll("status") as Status[];
    const from = after === null ? this.history.position : positionOf(after);
    if (from < this.#oldest) return refusal("history-lost", "the history is gone");
    const all = this.#changesAfter(from, statuses.length === 0 ? STATUSES : statuses);
    const changes = all.slice(0, Number(query.get("limit") ?? 500));
    const more = changes.length < all.length;
    const position = more ? (changes.at(-1)?.position ?? from) : this.history.position;
    return { status: 200, body: { changes, position, cursor: cursorAt(position), more } };
  }

  /** Waits as long as the request asks, or until there is something. */
  async #untilChanged(query: URLSearchParams): Promise<void> {
    const wait = Number(query.get("wait") ?? 0) * 1000;
    const after = query.get("after");
    if (wait === 0 || after === null || positionOf(after) < this.history.position) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, wait);
      this.#listeners.add(done);
    });
  }

  #stream(query: URLSearchParams, response: ServerResponse): void {
    const after = query.get("after");
    const statuses = query.getAll("status") as Status[];
    let position = after === null ? this.history.position : positionOf(after);
    const send = (event: string, data: { cursor: string }) =>
      response.write(`event: ${event}\nid: ${data.cursor}\ndata: ${JSON.stringify(data)}\n\n`);
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    if (position < this.#oldest) {
      position = this.history.position;
      send("reset", { reason: "history-lost", cursor: cursorAt(position) } as { cursor: string });
    }
    const catchUp = (always: boolean) => {
      const changes = this.#changesAfter(position, statuses);
      if (!always && position === this.history.position) return;
      position = this.history.position;
      send("changes", { changes, position, cursor: cursorAt(position) } as { cursor: string });
    };
    const tell = () => {
      catchUp(false);
    };
    catchUp(true);
    this.#listeners.add(tell);
    response.on("close", () => this.#listeners.delete(tell));
  }
}

async function readRequest(request: IncomingMessage): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const url = new URL(request.url ?? "/", "http://fake");
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    key: header("idempotency-key"),
    ifMatch: header("if-match"),
    body: text === "" ? undefined : JSON.parse(text),
  };
}
