import { Client } from "pg";
import { z } from "zod";
import { connectionSettings } from "./connection-settings.ts";
import { type Run, runOn } from "./database.ts";
import { withReject } from "./rejection.ts";
import type { WakeUp } from "@live-orders/store/wake-up";

/** What the server calls the connection, in `pg_stat_activity`. */
export const FEED_APPLICATION = "live-orders feed";
/** The database's trigger notifies it at each commit, without data. */
const FEED = { application: FEED_APPLICATION, channel: "orders_channel" };
/** How long a statement on this connection may take: the outbox is asked at least once a second. */
const SILENCE_MS = 4_000;

/** The connection did not answer. */
export class SilentConnectionError extends Error {}

/** A connection of its own, outside any pool, that hears of commits and reads the outbox. */
export class OutboxListener {
  readonly #client: Client;
  /**
   * Whoever waits for a statement. A race of each statement against one promise of the failure would keep what every
   * one of them gave for as long as the connection lives.
   */
  readonly #waiting = new Set<(error: Error) => void>();
  #failure: Error | null = null;
  readonly run: Run;

  private constructor(client: Client) {
    this.#client = client;
    const run = runOn(client);
    this.run = (text, values, row) => this.#bounded(run(text, values, row));
  }

  /** @throws the driver's error, if there is no connection to be had */
  static async connect(url: string, wakeUp: WakeUp, bell = FEED): Promise<OutboxListener> {
    const client = new Client({ ...connectionSettings(url), application_name: bell.application });
    const listener = new OutboxListener(client);
    // Whoever waits for a notification is called, and finds the failure at its next statement.
    const fail = (error: Error): void => {
      listener.#fail(error);
      wakeUp.call();
    };
    client.on("error", fail);
    client.on("end", () => fail(new Error("the connection was closed")));
    client.on("notification", () => wakeUp.call());
    try {
      await client.connect();
      await listener.run(`LISTEN ${bell.channel}`, [], z.unknown());
      return listener;
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const reject of this.#waiting) reject(this.#failure);
  }

  async #bounded<T>(work: Promise<T>): Promise<T> {
    const { promise: failed, reject } = withReject();
    const fail = () => reject(new SilentConnectionError(`no answer within ${SILENCE_MS / 1000} s`));
    const timer = setTimeout(fail, SILENCE_MS);
    this.#waiting.add(reject);
    if (this.#failure) reject(this.#failure);
    try {
      return await Promise.race([work, failed]);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(reject);
    }
  }

  /** Does not wait for a connection that no longer answers. */
  close(): void {
    this.#client.end().catch(() => undefined);
  }
}
