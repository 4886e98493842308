import { freePort } from "@live-orders/embedded/free-port";
import { type Order, type OrderFields, orderSchema } from "@live-orders/protocol/order";
import { type ApiProcess, startApi } from "@live-orders/testkit/api-process";
import { test as base } from "@playwright/test";
import { z } from "zod";
import type { DirectWriter } from "./direct-writer.ts";
import { startDatabase } from "./test-database.ts";

export interface LiveServer {
  readonly api: ApiProcess;
  readonly databaseUrl: string;
  /** Where the server asks its agent. */
  readonly agentPort: number;
  /** Writes past the API. */
  readonly direct: DirectWriter;
  /** Creates an order by the API. */
  create(fields: Partial<OrderFields>): Promise<Order>;
  /** Creates many by the API; `nth` gives the fields of each, from 1. */
  createMany(count: number, nth: (n: number) => Partial<OrderFields>): Promise<readonly Order[]>;
}

/** A test with a database, an API node and a direct writer of its own; relative addresses are those of the page. */
export const test = base.extend<{ server: LiveServer }>({
  // Playwright reads the fixtures' names off this pattern.
  server: async ({ browserName: _ }, use) => {
    await withServer(use);
  },
  baseURL: async ({ server }, use) => {
    await use(server.api.url);
  },
});

/** As `test`, but the server is that of the test before, without its orders: for tests that leave it as it was. */
export const sharedTest = base.extend<{ server: LiveServer }, { shared: LiveServer }>({
  shared: [
    async ({ browserName: _ }, use) => {
      await withServer(use);
    },
    { scope: "worker" },
  ],
  server: async ({ shared }, use) => {
    await shared.direct.removeAll();
    await use(shared);
  },
  baseURL: async ({ server }, use) => {
    await use(server.api.url);
  },
});

async function withServer(use: (server: LiveServer) => Promise<void>): Promise<void> {
  const database = await startDatabase();
  const agentPort = await freePort();
  const api = await startApi({ DATABASE_URL: database.url, AGENT_URL: `http://127.0.0.1:${agentPort}` });
  const direct = await database.openWriter();
  await use({
    api,
    databaseUrl: database.url,
    agentPort,
    direct,
    create: (fields) => createOrder(api.url, fields),
    createMany: (count, nth) => createOrders(api.url, count, nth),
  });
  await direct.close();
  await api.dispose();
  await database.dispose();
}

const answerSchema = z.object({ order: orderSchema });
const bulkAnswerSchema = z.object({ results: z.array(answerSchema) });
const withDefaults = (fields: Partial<OrderFields>) => ({
  customer_name: "Claire Gute",
  product_name: "Bookcase",
  ...fields,
});

async function post(url: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.json();
}

async function createOrder(url: string, fields: Partial<OrderFields>): Promise<Order> {
  return answerSchema.parse(await post(`${url}/api/orders`, withDefaults(fields))).order;
}

/** So many go in one request. */
const BULK = 1000;

async function createOrders(
  url: string,
  count: number,
  nth: (n: number) => Partial<OrderFields>,
): Promise<readonly Order[]> {
  const orders: Order[] = [];
  while (orders.length < count) {
    const operations = Array.from({ length: Math.min(BULK, count - orders.length) }, (_, index) => ({
      op: "create",
      order: withDefaults(nth(orders.length + index + 1)),
    }));
    const { results } = bulkAnswerSchema.parse(await post(`${url}/api/orders/bulk`, { operations }));
    orders.push(...results.map(({ order }) => order));
  }
  return orders;
}
