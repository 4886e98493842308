import type { Order } from "@live-orders/protocol/order";
import type { DirectWriter, StoreDatabase, UncheckedRow } from "@live-orders/testkit/store-contract-setting";
import { Client, Pool } from "pg";
import {
  type OpenPostgresStore,
  openPostgresStore,
  type PostgresStoreOptions,
} from "../src/postgres-store.ts";
import type { StoreLogger } from "../src/store-logger.ts";

export const QUIET: StoreLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Opens the store, and fails if it was refused. */
export async function openStore(
  options: Pick<PostgresStoreOptions, "url"> & Partial<PostgresStoreOptions>,
): Promise<OpenPostgresStore> {
  const store = await openPostgresStore({ logger: QUIET, ...options });
  if (store.kind === "refused") throw new Error(store.reason);
  return store;
}

/** A plain connection, such as `psql` has one. */
export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

/**
 * A pool of plain connections. Its `end()` resolves while they still say goodbye; what one says after that, when the
 * test stops its server, is nobody's error.
 */
export function connectPool(url: string, size: number): Pool {
  const pool = new Pool({ connectionString: url, max: size });
  pool.on("error", () => undefined);
  return pool;
}

/** The database that the contract's tests run on: a fresh one behind `url`. */
export async function freshDatabase(url: string): Promise<StoreDatabase> {
  const nodes = [await openStore({ url })];
  const pool = connectPool(url, 10);
  return {
    direct: directWriter(pool),
    open: async () => {
      const node = await openStore({ url });
      nodes.push(node);
      return node;
    },
    dispose: async () => {
      await pool.end();
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

function directWriter(pool: Pool): DirectWriter {
  const insert = (rows: readonly UncheckedRow[]) => pool.query(INSERT, [JSON.stringify(rows)]);
  const update = (id: number, fields: Partial<UncheckedRow>) =>
    pool.query(UPDATE, [id, JSON.stringify(fields)]);
  return {
    insert: async (rows: readonly Order[]) => {
      await insert(rows);
    },
    update: async (id, fields) => {
      await update(id, fields);
    },
    remove: async (id) => {
      await pool.query("DELETE FROM public.orders WHERE id = $1", [id]);
    },
    insertUnchecked: (rows) => unchecked(pool, () => insert(rows)),
    updateUnchecked: (id, fields) => unchecked(pool, () => update(id, fields)),
  };
}

const INSERT = `INSERT INTO public.orders (id, customer_name, product_name, status, updated_at)
  SELECT id, customer_name, product_name, status, updated_at FROM json_populate_recordset(NULL::public.orders, $1)`;
const UPDATE = `UPDATE public.orders o SET customer_name = f.customer_name, product_name = f.product_name,
    status = f.status, updated_at = f.updated_at
  FROM public.orders old, LATERAL json_populate_record(old, $2) f WHERE o.id = $1 AND old.id = $1`;

/** Takes the table's rules away for a moment; those that come back do not look at the rows that are there. */
async function unchecked(pool: Pool, work: () => Promise<unknown>): Promise<void> {
  const rules = `SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE conrelid = 'public.orders'::regclass AND contype = 'c'`;
  const { rows } = await pool.query<{ conname: string; definition: string }>(rules);
  for (const { conname } of rows) await pool.query(`ALTER TABLE public.orders DROP CONSTRAINT ${conname}`);
  await work();
  for (const { conname, definition } of rows) {
    const rule = definition.replace(/ NOT VALID$/, "");
    await pool.query(`ALTER TABLE public.orders ADD CONSTRAINT ${conname} ${rule} NOT VALID`);
  }
}
