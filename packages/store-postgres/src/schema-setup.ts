import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runner } from "node-pg-migrate";
import { Client } from "pg";
import { z } from "zod";
import { connectionSettings, databaseName, withDatabase } from "./connection-settings.ts";
import { runOn } from "./database.ts";
import { describeError, sqlState, UNFIT_TABLE } from "./server-error.ts";
import type { StoreLogger } from "./store-logger.ts";

export const OLDEST_SERVER = 14;

export type SetupOutcome = { readonly kind: "ready" } | { readonly kind: "refused"; readonly reason: string };

const serverSchema = z.object({
  version: z.coerce.number(),
  encoding: z.string(),
  standby: z.boolean(),
});
const SERVER = `SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding,
  pg_is_in_recovery() AS standby`;

/** For one statement. */
const SETUP_LIMIT_MS = 60_000;
const MIGRATIONS = fileURLToPath(new URL("../migrations", import.meta.url));

/**
 * Makes the database if there is none of its name, brings the schema up to date and sees to it that the table `orders`
 * is recorded. It changes nothing where that is so; any number of nodes may call it at once.
 * @throws the driver's error, if the connection failed
 */
export async function setUpSchema(url: string, logger: StoreLogger): Promise<SetupOutcome> {
  const client = await connect(url, logger);
  try {
    const unfit = await refuseServer(client);
    if (unfit !== null) return { kind: "refused", reason: unfit };
    await migrate(client, logger);
    await client.query("SELECT live_orders.set_up_orders()");
    return { kind: "ready" };
  } catch (error) {
    if (sqlState(error) === UNFIT_TABLE)
      return { kind: "refused", reason: `PostgreSQL: ${describeError(error)}` };
    throw error;
  } finally {
    // Not waited for: a server that fell silent would not say good-bye.
    client.end().catch(() => undefined);
  }
}

const STARTING_LIMIT_MS = 8_000;
/** cannot_connect_now: the server starts, or recovers. */
const STARTING = "57P03";

/** The same at a start: waits for a server that is about to be there, and refuses one that is not after about 8 s. */
export async function setUpSchemaInTime(url: string, logger: StoreLogger): Promise<SetupOutcome> {
  const until = performance.now() + STARTING_LIMIT_MS;
  for (;;) {
    try {
      return await setUpSchema(url, logger);
    } catch (error) {
      if (sqlState(error) !== STARTING || performance.now() > until) {
        const said = `PostgreSQL at ${new URL(url).host}: ${describeError(error)}`;
        return { kind: "refused", reason: `${said}. Check DATABASE_URL, and that the server runs.` };
      }
      await delay(200);
    }
  }
}

async function connect(url: string, logger: StoreLogger): Promise<Client> {
  try {
    return await connectTo(url);
  } catch (error) {
    if (sqlState(error) !== NO_SUCH_DATABASE) throw error;
  }
  await createDatabase(url, logger);
  return connectTo(url);
}

async function connectTo(url: string): Promise<Client> {
  // The indexes of a large table that was there before take their time.
  const limits = { statement_timeout: SETUP_LIMIT_MS, query_timeout: SETUP_LIMIT_MS, lock_timeout: 8_000 };
  const client = new Client({ ...connectionSettings(url), ...limits });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

const NO_SUCH_DATABASE = "3D000";
const DATABASE_EXISTS = new Set(["42P04", "23505"]);

async function createDatabase(url: string, logger: StoreLogger): Promise<void> {
  const name = databaseName(url);
  const maintenance = new URL(withDatabase(url));
  maintenance.pathname = "/postgres";
  const client = await connectTo(maintenance.href);
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)} ENCODING 'UTF8' TEMPLATE template0`);
    logger.info({ database: name }, "made the PostgreSQL database");
  } catch (error) {
    // Another node was quicker.
    if (!DATABASE_EXISTS.has(sqlState(error) ?? "")) throw error;
  } finally {
    await client.end();
  }
}

async function refuseServer(client: Client): Promise<string | null> {
  const [server] = await runOn(client)(SERVER, [], serverSchema);
  if (!server) return "PostgreSQL does not tell its version";
  const major = Math.floor(server.version / 10_000);
  if (major < OLDEST_SERVER) {
    return `PostgreSQL ${major} is too old: DATABASE_URL must name a server of version ${OLDEST_SERVER} or later`;
  }
  if (server.standby)
    return "PostgreSQL is a standby, which takes no writes: DATABASE_URL must name the primary";
  if (server.encoding === "UTF8") return null;
  return `The database has the encoding ${server.encoding}: make it anew with ENCODING 'UTF8' TEMPLATE template0`;
}

/** Several nodes that start at once wait for one another by the tool's advisory lock. */
async function migrate(dbClient: Client, logger: StoreLogger): Promise<void> {
  await runner({
    dbClient,
    dir: MIGRATIONS,
    direction: "up",
    migrationsTable: "migrations",
    migrationsSchema: "live_orders",
    createMigrationsSchema: true,
    advisoryLockMode: "wait",
    logger: {
      info: () => undefined,
      warn: (message) => logger.warn({}, message),
      error: (message) => logger.error({}, message),
    },
  });
}
