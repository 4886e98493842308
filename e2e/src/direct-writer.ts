import { type OrderFields } from "@live-orders/protocol/order";
import { Int32, MongoClient } from "mongodb";
import { Client } from "pg";

/** A program of its own that writes straight to the database, past the API. */
export interface DirectWriter {
  insert(id: number, fields: OrderFields): Promise<void>;
  update(id: number, fields: Partial<OrderFields>): Promise<void>;
  remove(id: number): Promise<void>;
  removeAll(): Promise<void>;
  customerOf(id: number): Promise<string | null>;
  countOf(customer: string): Promise<number>;
  /** Ends the collection or table; the API makes another when it starts. */
  dropOrders(): Promise<void>;
  close(): Promise<void>;
}

interface OrderRow extends OrderFields {
  _id: Int32;
  updated_at: Date;
}

export async function openMongoWriter(uri: string): Promise<DirectWriter> {
  const client = await new MongoClient(uri).connect();
  const rows = client.db("live_orders").collection<OrderRow>("orders");
  const byId = (id: number) => ({ _id: new Int32(id) });
  return {
    insert: async (id, fields) =>
      void (await rows.insertOne({ ...byId(id), ...fields, updated_at: new Date() })),
    update: async (id, fields) =>
      void (await rows.updateOne(byId(id), { $set: { ...fields, updated_at: new Date() } })),
    remove: async (id) => void (await rows.deleteOne(byId(id))),
    removeAll: async () => void (await rows.deleteMany({})),
    customerOf: async (id) => (await rows.findOne(byId(id)))?.customer_name ?? null,
    countOf: (customer) => rows.countDocuments({ customer_name: customer }),
    dropOrders: async () => void (await rows.drop()),
    close: () => client.close(),
  };
}

export async function openPostgresWriter(url: string): Promise<DirectWriter> {
  const client = new Client(url);
  await client.connect();
  const rowsOf = async (sql: string, values: readonly (string | number)[]): Promise<{ value: string }[]> =>
    (await client.query<{ value: string }>(sql, [...values])).rows;
  return {
    insert: async (id, { customer_name, product_name, status }) => {
      const sql = "INSERT INTO orders VALUES ($1, $2, $3, $4, clock_timestamp())";
      await client.query(sql, [id, customer_name, product_name, status]);
    },
    update: async (id, fields) => {
      const names = Object.keys(fields);
      const sets = names.map((name, index) => `${name} = $${index + 2}`).join(", ");
      const sql = `UPDATE orders SET ${sets}, updated_at = clock_timestamp() WHERE id = $1`;
      await client.query(sql, [id, ...Object.values(fields)]);
    },
    remove: async (id) => void (await client.query("DELETE FROM orders WHERE id = $1", [id])),
    removeAll: async () => void (await client.query("DELETE FROM orders")),
    customerOf: async (id) =>
      (await rowsOf("SELECT customer_name AS value FROM orders WHERE id = $1", [id]))[0]?.value ?? null,
    countOf: async (customer) =>
      Number(
        (await rowsOf("SELECT count(*) AS value FROM orders WHERE customer_name = $1", [customer]))[0]?.value,
      ),
    dropOrders: async () => void (await client.query("DROP TABLE orders CASCADE")),
    close: () => client.end(),
  };
}
