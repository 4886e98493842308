import { StoreUnavailableError } from "@live-orders/store/order-store";
import { Pool, type PoolClient } from "pg";
import type { z } from "zod";
import { ANSWER_LIMIT_MS, connectionSettings } from "./connection-settings.ts";
import { withReject } from "./rejection.ts";
import { isAnswer, unavailable } from "./server-error.ts";
import type { StoreLogger } from "./store-logger.ts";

/** Runs one statement and parses its rows: nothing sees a row before that. */
export type Run = <Row>(text: string, values: readonly unknown[], row: z.ZodType<Row>) => Promise<Row[]>;

interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

export const runOn =
  (connection: Queryable): Run =>
  async (text, values, row) => {
    const { rows } = await connection.query(text, [...values]);
    return rows.map((each) => row.parse(each));
  };

/** A bounded pool of connections. Nothing done with it takes longer than `ANSWER_LIMIT_MS`. */
export class Database {
  readonly #pool: Pool;

  constructor(url: string, logger: StoreLogger, size: number) {
    this.#pool = new Pool({ ...connectionSettings(url), max: size, idleTimeoutMillis: 30_000 });
    // Not the error itself: the pool hangs the whole client on it.
    this.#pool.on("error", ({ message, stack }) =>
      logger.warn({ err: { message, stack } }, "an idle PostgreSQL connection was lost"),
    );
    // Of one that is lent, the failing statement tells; the pool listens to the idle ones only.
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /**
   * One statement outside a transaction; tried once more if its connection turned out to be dead.
   * @throws StoreUnavailableError, with the driver's error as its cause
   */
  async read<Row>(text: string, values: readonly unknown[], row: z.ZodType<Row>): Promise<Row[]> {
    const deadline = performance.now() + ANSWER_LIMIT_MS;
    const once = () => this.lend((run) => run(text, values, row), deadline);
    try {
      return await once().catch((error: unknown) => {
        if (isAnswer(error) || error instanceof StoreUnavailableError) throw error;
        return once();
      });
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * Lends a connection. What the work throws comes through as it is, and what it left open is rolled back.
   * @param deadline by `performance.now()`
   * @throws StoreUnavailableError when the deadline has passed
   */
  async lend<T>(work: (run: Run) => Promise<T>, deadline: number): Promise<T> {
    const client = await this.#pool.connect();
    const late = lateness(deadline);
    try {
      const result = await Promise.race([work(runOn(client)), late.passed]);
      client.release();
      return result;
    } catch (error) {
      await Promise.race([giveBack(client, error), late.passed]).catch(() => client.release(true));
      throw error;
    } finally {
      late.cancel();
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** A connection that failed, or whose statement is still running, is closed; the others go back to the pool. */
async function giveBack(client: PoolClient, error: unknown): Promise<void> {
  if (!isAnswer(error)) return client.release(true);
  await client.query("ROLLBACK");
  client.release();
}

function lateness(deadline: number): { passed: Promise<never>; cancel: () => void } {
  const { promise, reject } = withReject();
  const fail = () => reject(new StoreUnavailableError("PostgreSQL did not answer in time"));
  const timer = setTimeout(fail, Math.max(0, deadline - performance.now()));
  return { passed: promise, cancel: () => clearTimeout(timer) };
}
