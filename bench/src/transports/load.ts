import { type Collection, Int32, type MongoClient } from "mongodb";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { now, stampedName } from "./stamp.ts";

const ROWS = 1000;

interface Row {
  _id: Int32;
  customer_name: string;
  product_name: string;
  status: string;
  updated_at: Date;
}

const countersSchema = z.object({
  opcounters: z.object({
    insert: z.number(),
    query: z.number(),
    update: z.number(),
    delete: z.number(),
    getmore: z.number(),
    command: z.number(),
  }),
});

/** Writes straight to the database: a new stamp into the name of one order after another. */
export class Load {
  readonly #client: MongoClient;
  readonly #rows: Collection<Row>;

  constructor(client: MongoClient) {
    this.#client = client;
    this.#rows = client.db("live_orders").collection<Row>("orders");
  }

  async seed(): Promise<void> {
    await this.#rows.insertMany(
      Array.from({ length: ROWS }, (_, index) => ({
        _id: new Int32(index + 1),
        customer_name: "Ada",
        product_name: stampedName(0),
        status: ["pending", "shipped", "delivered"][index % 3] ?? "pending",
        updated_at: new Date(),
      })),
    );
  }

  /** @returns how many writes were made in `seconds`, at `rate` a second */
  async run(rate: number, seconds: number): Promise<number> {
    const began = now();
    const writes: Promise<unknown>[] = [];
    const total = Math.round(rate * seconds);
    for (let made = 0; made < total; made += 1) {
      await delay(began + (made * 1000) / rate - now());
      const update = { $set: { product_name: stampedName(now()), updated_at: new Date() } };
      writes.push(this.#rows.updateOne({ _id: new Int32((made % ROWS) + 1) }, update));
    }
    await delay(began + seconds * 1000 - now());
    await Promise.all(writes);
    return total;
  }

  /** Operations that the database has served so far, by its own count. */
  async operations(): Promise<number> {
    const status: unknown = await this.#client.db("admin").command({ serverStatus: 1 });
    return Object.values(countersSchema.parse(status).opcounters).reduce((sum, count) => sum + count, 0);
  }
}
