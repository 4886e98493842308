import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@live-orders/embedded/embedded-postgres";
import { type Order, orderSchema } from "@live-orders/protocol/order";
import { eventually } from "@live-orders/testkit/eventually";
import { startTcpProxy, type TcpProxy } from "@live-orders/testkit/tcp-proxy";
import { Pool } from "pg";
import { z } from "zod";
import type { DirectWriter, LoggedChange, TestedDatabase, UncheckedRow } from "./tested-database.ts";

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
  before: orderSchema.nullable().catch(null),
  after: orderSchema.nullable().catch(null),
});
const rowSchema = z.object({ row: orderSchema.nullable().catch(null) });

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
    const orders = rows.flatMap((row) => rowSchema.parse(row).row ?? []);
    return new Map(orders.map((order) => [order.id, order]));
  }

  async beginLog(): Promise<void> {
    await this.pool.query(LOG);
  }

  async log(): Promise<readonly LoggedChange[]> {
    const { rows } = await this.pool.query("SELECT op, id, before, after FROM faults.log ORDER BY n");
    // A change whose images all break the contract's table is none.
    return z
      .array(loggedSchema)
      .parse(rows)
      .filter(({ before, after }) => before !== null || after !== null);
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

const INSERT = `INSERT INTO public.orders (id, customer_name, product_name, status, updated_at)
  SELECT id, customer_name, product_name, status, updated_at FROM json_populate_recordset(NULL::public.orders, $1)`;

function directWriter(pool: Pool): DirectWriter {
  const insert = async (rows: readonly UncheckedRow[]) => {
    await pool.query(INSERT, [JSON.stringify(rows)]);
  };
  return {
    insert,
    insertUnchecked: (rows) => withoutRules(pool, () => insert(rows)),
    updateAll: async (fields) => {
      const set = Object.keys(fields).map((name, index) => `${name} = $${index + 1}`);
      const text = `UPDATE public.orders SET ${set.join(", ")}, updated_at = clock_timestamp()`;
      await pool.query(text, Object.values(fields));
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

const ruleSchema = z.object({ conname: z.string(), definition: z.string() });

/** Takes the table's rules away for a moment; those that come back do not look at the rows that are there. */
async function withoutRules(pool: Pool, work: () => Promise<unknown>): Promise<void> {
  const { rows } =
    await pool.query(`SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE conrelid = 'public.orders'::regclass AND contype = 'c'`);
  const rules = z.array(ruleSchema).parse(rows);
  for (const { conname } of rules) await pool.query(`ALTER TABLE public.orders DROP CONSTRAINT ${conname}`);
  await work();
  for (const { conname, definition } of rules) {
    const rule = definition.replace(/ NOT VALID$/, "");
    await pool.query(`ALTER TABLE public.orders ADD CONSTRAINT ${conname} ${rule} NOT VALID`);
  }
}
