import type { ClientToServerEvents, ServerToClientEvents } from "@live-orders/protocol/socket-events";
import express from "express";
import { createServer } from "node:http";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Server } from "socket.io";
import { z } from "zod";
import type { MadeUpOrders } from "./made-up-orders.ts";

const PAGE = path.resolve(import.meta.dirname, "../../../apps/web/dist");
/** How often a batch goes out, and the counts, in ms. */
const PACE = 20;
const COUNTS_PACE = 1000;
/** Orders in a batch when all of them change. */
const TOUCHED = 200;

const listSchema = z.object({ limit: z.coerce.number(), after: z.coerce.number().default(0) });
const viewSchema = z.array(z.int());

/** Changes a second, and how many of them touch rows that the page shows. */
interface FeedRate {
  readonly all: number;
  readonly inView: number;
}

/** The page, with an API and a feed that no database stands behind. */
export interface FakeSource {
  readonly url: string;
  /** Changes every order once. */
  touchAll(): Promise<void>;
  /** Sends changes until the answer is called. */
  feed(rate: FeedRate): () => void;
  close(): Promise<void>;
}

export async function startFakeSource(orders: MadeUpOrders): Promise<FakeSource> {
  let inView: readonly number[] = [];
  const app = express();
  app.use(express.json());
  app.post("/bench/view", (request, response) => {
    inView = viewSchema.parse(request.body);
    response.status(204).end();
  });
  serveApi(app, orders);
  app.get("/probe.js", (_request, response) => {
    response.sendFile(path.join(import.meta.dirname, "probe.js"));
  });
  app.use(express.static(PAGE));
  app.get("/{*any}", (_request, response) => {
    response.sendFile(path.join(PAGE, "index.html"));
  });
  const server = createServer(app);
  const sockets = new Server<ClientToServerEvents, ServerToClientEvents>(server, {
    transports: ["websocket"],
  });
  sockets.on("connection", (socket) => {
    socket.on("watch", (_watch, ack) => {
      ack({ ok: true, position: orders.position(), cursor: orders.position(), replayed: 0 });
      socket.emit("counts", orders.counts());
    });
    socket.on("unwatch", (ack) => {
      ack({ ok: true });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    touchAll: async () => {
      const ids = orders.ids();
      for (let from = 0; from < ids.length; from += TOUCHED) {
        sockets.emit("changes", orders.batch(0, ids.slice(from, from + TOUCHED)));
        await delay(PACE);
      }
    },
    feed: (rate) => feedAll(sockets, orders, rate, () => inView),
    close: () => sockets.close(),
  };
}

function serveApi(app: express.Express, orders: MadeUpOrders): void {
  app.get("/api/orders/counts", (_request, response) => void response.json(orders.counts()));
  // Nothing changes while the list is read.
  const list = orders.newestFirst();
  const position = orders.position();
  app.get("/api/orders", (request, response) => {
    const { limit, after } = listSchema.parse(request.query);
    const next = after + limit < list.length ? String(after + limit) : null;
    response.json({ orders: list.slice(after, after + limit), next, position, cursor: position });
  });
  app.get("/api/orders/:id/history", (_request, response) => {
    const since = new Date().toISOString();
    response.json({ changes: [], next: null, position: orders.position(), since });
  });
}

type Sockets = Server<ClientToServerEvents, ServerToClientEvents>;

/** What a timer that comes late has left out goes with the next batch. */
function feedAll(
  sockets: Sockets,
  orders: MadeUpOrders,
  { all, inView }: FeedRate,
  seen: () => readonly number[],
): () => void {
  const began = performance.now();
  let sent = 0;
  let sentInView = 0;
  const due = (perSecond: number) => Math.floor(((performance.now() - began) / 1000) * perSecond);
  const batches = setInterval(() => {
    const others = due(all - inView) - sent;
    const wanted = due(inView) - sentInView;
    sent += others;
    sentInView += wanted;
    const visible = seen();
    const touched = visible.slice(sentInView % Math.max(1, visible.length)).slice(0, wanted);
    sockets.emit("changes", orders.batch(others, touched));
  }, PACE);
  const counts = setInterval(() => {
    sockets.emit("counts", orders.counts());
  }, COUNTS_PACE);
  return () => {
    clearInterval(batches);
    clearInterval(counts);
  };
}
