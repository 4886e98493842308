import { startApi, type ApiProcess } from "@live-orders/testkit/api-process";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { orderSchema, type Order } from "@live-orders/protocol/order";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { z } from "zod";

export interface ServerForTests {
  readonly api: ApiProcess;
  readonly url: string;
  /** The orders as they stand in the database, by id. */
  stored(): Promise<Order[]>;
}

const storedSchema = z.object({ _id: z.int(), updated_at: z.date() }).loose();

/** One server on a replica set of its own for a test file; no orders at each test's beginning. */
export function useServer(): ServerForTests {
  const mongo = useMongo();
  let api: ApiProcess | undefined;
  const started = (): ApiProcess => {
    if (api === undefined) throw new Error("useServer: the server runs from beforeAll to afterAll");
    return api;
  };
  const orders = () => mongo.client.db("live_orders").collection<{ _id: number }>("orders");
  beforeAll(async () => {
    const url = new URL(mongo.uri);
    url.pathname = "/live_orders";
    api = await startApi({ DATABASE_URL: url.href });
  }, 120_000);
  beforeEach(async () => {
    await orders().deleteMany({});
  });
  afterAll(async () => {
    await api?.dispose();
  });
  return {
    get api() {
      return started();
    },
    get url() {
      return started().url;
    },
    stored: async () => {
      const rows = await orders().find().sort({ _id: 1 }).toArray();
      return rows.map((row) => {
        const { _id: id, updated_at, ...fields } = storedSchema.parse(row);
        return orderSchema.parse({ id, ...fields, updated_at: updated_at.toISOString() });
      });
    },
  };
}
