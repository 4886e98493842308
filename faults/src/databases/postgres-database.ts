import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@live-orders/embedded/embedded-postgres";
import { type Order, orderSchema } from "@live-orders/protocol/order";
import { eventually } from "@live-orders/testkit/eventually";
import { startTcpProxy, type TcpProxy } from "@live-orders/testkit/tcp-proxy";
import { Pool } from "pg";
import { z } from "zod";
import type { DirectWriter, LoggedChange, TestedDatabase } from "./tested-database.ts";

const JSON_OF = (row: string) => `json_build_object('id', ${row}.id, 'customer_name', ${row}.customer_name,
  'product_name', ${row}.product_name, 'status', ${row}.status,
  'updated_at', to_char(${row}.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;

/** A trigger of the trial's own: it knows nothing of the product's outbox. One order's rows are changed one by one. */
const LOG = `
  CREATE SCHEMA IF NOT EXISTS faults;
  CREATE TABLE IF NOT EXISTS faults.log (n bigserial PRIMARY KEY, op text, id int, before json, after json);
  CREATE OR REPLACE FUNCTION faults.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN
    INSERT INTO faults.log (op, id, before, after) VALUES (lower(TG_OP), coalesce(NEW.id, OLD.id),
      CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE ${JSON_OF("OLD")} END,
      CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE ${JSON_OF("NEW")} END);
    RETURN NULL;
  END $$;
  DROP TRIGGER IF EXISTS faults_note ON public.orders;
  CREATE TRIGGER faults_note AFTER INSERT OR UPDATE OR DELETE ON public.orders
    FOR EACH ROW EXECUTE FUNCTION faults.note();
  TRUNCATE faults.log`;

const loggedSchema = z.object({
  op: z.enum(["insert", "update", "delete"]),
  id: z.int(),
  before: orderSchema.nullable(),
  after: orderSchema.nullable(),
});
const rowSchema = z.object({ row: orderSchema });

export class PostgresDatabase implements TestedDatabase {
  readonly kind = "postgres";
  readonly url: string;
  readonly cable: TcpProxy;
  readonly direct: DirectWriter;
  readonly pool: Pool;
  readonly #server: EmbeddedPostgres;
  readonly #dataDir: string;

  private constructor(server: EmbeddedPostgres, dataDir: string, cable: TcpProxy) {
    this.#server = server;
    this.#dataDir = dataDir;
    this.cable = cable;
    this.url = `postgres://postgres@127.0.0.1:${cable.port}/live_orders`;
    this.pool = new Pool({ connectionString: server.uri, max: 20 });
    // A connection that is lost while it idles is nobody's error.
    this.pool.on("error", () => undefined);
    this.direct = directWriter(this.pool);
  }

  static async start(): Promise<PostgresDatabase> {
    const dataDir = await mkdtemp(path.join(tmpdir(), "live-orders-faults-"));
    const server = await startEmbeddedPostgres({ dataDir, port: 0, settings: ["max_connections=300"] });
    return new PostgresDatabase(server, dataDir, await startTcpProxy({ port: server.port }));
  }

  async orders(): Promise<ReadonlyMap<number, Order>> {
    const { rows } = await this.pool.query(`SELECT ${JSON_OF("o")} AS row FROM public.orders o`);
    return new Map(rows.map((row) => rowSchema.parse(row).row).map((order) => [order.id, order]));
  }

  async beginLog(): Promise<void> {
    await this.pool.query(LOG);
  }

  async log(): Promise<readonly LoggedChange[]> {
    const { rows } = await this.pool.query("SELECT op, id, before, after FROM faults.log ORDER BY n");
    return z.array(loggedSchema).parse(rows);
  }

  /** `kill -9` of the server; resolves when it runs again. */
  async crash(): Promise<void> {
    const before = this.#server.pid;
    if (before === undefined) throw new Error("PostgreSQL does not run");
    process.kill(before, "SIGKILL");
    await eventually(() => this.#server.pid !== undefined && this.#server.pid !== before, { within: 60_000 });
  }

  async dispose(): Promise<void> {
    await this.pool.end();
    await this.cable.close();
    await this.#server.stop();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

function directWriter(pool: Pool): DirectWriter {
  return {
    insert: async (orders) => {
      await pool.query(
        `INSERT INTO public.orders (id, customer_name, product_name, status, updated_at)
         SELECT id, customer_name, product_name, status, updated_at
         FROM json_populate_recordset(NULL::public.orders, $1)`,
        [JSON.stringify(orders)],
      );
    },
    update: async (id, fields) => {
      const names = Object.keys(fields);
      const set = names.map((name, index) => `${name} = $${index + 2}`).join(", ");
      const text = `UPDATE public.orders SET ${set} WHERE id = $1`;
      return (await pool.query(text, [id, ...Object.values(fields)])).rowCount === 1;
    },
    remove: async (id) => {
      return (await pool.query("DELETE FROM public.orders WHERE id = $1", [id])).rowCount === 1;
    },
  };
}
