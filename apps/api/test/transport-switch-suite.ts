import { Feed } from "@live-orders/client/feed";
import type { FeedTransport } from "@live-orders/client/feed-transport";
import { createOrdersApi, type BulkOperationInput } from "@live-orders/client/orders-api";
import { longPollTransport, pollTransport } from "@live-orders/client/polling-transport";
import { socketIoTransport } from "@live-orders/client/socket-io-transport";
import { sseTransport } from "@live-orders/client/sse-transport";
import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import { eventually } from "@live-orders/testkit/eventually";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startOn, type ApiServer } from "./api-server.ts";

export interface TransportSwitchSetting {
  readonly kind: "mongodb" | "postgres";
  /** Of an empty database; asked from `beforeAll` on. */
  readonly url: () => string;
}

const CHANGES = 2000;
const IDS = 50;
/** Changes in one request, and those after which the transport is another. */
const TOGETHER = 10;
const STAGE = 200;

const TRANSPORTS: readonly ((url: string) => FeedTransport)[] = [
  (url) => sseTransport({ baseUrl: url, api: createOrdersApi({ baseUrl: url }) }),
  (url) => pollTransport({ api: createOrdersApi({ baseUrl: url }), interval: 50 }),
  (url) => socketIoTransport({ url }),
  (url) => longPollTransport({ api: createOrdersApi({ baseUrl: url }) }),
];

/** One cursor over every transport and two nodes, while orders are written. */
export function transportSwitchSuite({ kind, url }: TransportSwitchSetting): void {
  let nodes: readonly ApiServer[];
  beforeAll(async () => {
    nodes = [await startOn(kind, url()), await startOn(kind, url())];
  });
  afterAll(async () => {
    for (const node of nodes) await node.dispose();
  });
  const nodeAt = (turn: number): string => nodes[turn % nodes.length]?.url ?? "";

  it(`on ${kind} a client that changes its transport and its node in mid-stream gets each of ${CHANGES} changes once, in order, and ends equal to the database`, async () => {
    const api = createOrdersApi({ baseUrl: nodeAt(0) });
    const changes: Change[] = [];
    const feed = new Feed({
      transport: socketIoTransport({ url: nodeAt(0) }),
      consumer: {
        begin: async () => {
          const here = await api.changes();
          return here.ok ? { ok: true, value: { statuses: STATUSES, after: here.value.cursor } } : here;
        },
        apply: (batch) => void changes.push(...batch.changes),
      },
    });
    try {
      feed.start();
      await eventually(() => feed.state().kind === "live");
      for (let count = 0; count < CHANGES; count += TOGETHER) {
        const operations = Array.from({ length: TOGETHER }, (_, index) => operationAt(count + index));
        const written = await createOrdersApi({ baseUrl: nodeAt(count) }).bulk(operations);
        expect(written).toMatchObject({ ok: true });
        const turn = (count + TOGETHER) / STAGE;
        const next = Number.isInteger(turn) ? TRANSPORTS[turn % TRANSPORTS.length] : undefined;
        if (next !== undefined) feed.useTransport(next(nodeAt(turn)));
      }
      await eventually(() => changes.length >= CHANGES, { within: 30_000 });
    } finally {
      feed.stop();
    }
    const positions = changes.map(({ position }) => position);
    expect(new Set(positions).size).toBe(CHANGES);
    expect(positions).toEqual(positions.toSorted());
    const page = await api.list({ limit: 500, sort: { field: "id", descending: false } });
    if (!page.ok) throw new Error(page.error.kind);
    expect(page.value.orders.length).toBeGreaterThan(0);
    expect(replayed(changes)).toEqual(page.value.orders);
  });
}

/** Orders come, go through their statuses, and leave; the last round leaves some. */
function operationAt(count: number): BulkOperationInput {
  const id = 1 + (count % IDS);
  const round = Math.floor(count / IDS) % 6;
  const status = STATUSES[round % 3] ?? "pending";
  if (round === 0)
    return { op: "put", id, order: { customer_name: "Claire", product_name: "Chair", status } };
  if (round === 5) return { op: "delete", id };
  return { op: "patch", id, order: { product_name: `Chair ${count}`, status } };
}

function replayed(changes: readonly Change[]): Order[] {
  const rows = new Map<number, Order>();
  for (const { id, after } of changes) {
    if (after === null) rows.delete(id);
    else rows.set(id, after);
  }
  return [...rows.values()].sort((a, b) => a.id - b.id);
}
