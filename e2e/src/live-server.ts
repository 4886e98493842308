import { type Order, type OrderFields, orderSchema } from "@live-orders/protocol/order";
import { type ApiProcess, startApi } from "@live-orders/testkit/api-process";
import { test as base } from "@playwright/test";
import { z } from "zod";
import type { DirectWriter } from "./direct-writer.ts";
import { startDatabase } from "./test-database.ts";

interface LiveServer {
  readonly api: ApiProcess;
  /** Writes past the API. */
  readonly direct: DirectWriter;
  /** Creates an order by the API. */
  create(fields: Partial<OrderFields>): Promise<Order>;
}

/** A test with a database, an API node and a direct writer of its own; relative addresses are those of the page. */
export const test = base.extend<{ server: LiveServer }>({
  // Playwright reads the fixtures' names off this pattern.
  server: async ({ browserName: _ }, use) => {
    const database = await startDatabase();
    const api = await startApi({ DATABASE_URL: database.url });
    const direct = await database.openWriter();
    await use({ api, direct, create: (fields) => createOrder(api.url, fields) });
    await direct.close();
    await api.dispose();
    await database.dispose();
  },
  baseURL: async ({ server }, use) => {
    await use(server.api.url);
  },
});

async function createOrder(url: string, fields: Partial<OrderFields>): Promise<Order> {
  const answer = await fetch(`${url}/api/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ customer_name: "Claire Gute", product_name: "Bookcase", ...fields }),
  });
  return z.object({ order: orderSchema }).parse(await answer.json()).order;
}
