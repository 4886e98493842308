import { Client } from "pg";
import { z } from "zod";
import { connectionSettings } from "./connection-settings.ts";
import { type Run, runOn } from "./database.ts";
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
  readonly #failed: Promise<never>;
  readonly run: Run;

  private constructor(client: Client, failed: Promise<never>) {
    this.#client = client;
    this.#failed = failed;
    const run = runOn(client);
    this.run = (text, values, row) => this.#bounded(run(text, values, row));
  }

  /** @throws the driver's error, if there is no connection to be had */
  static async connect(url: string, wakeUp: WakeUp, bell = FEED): Promise<OutboxListener> {
    const client = new Client({ ...connectionSettings(url), application_name: bell.application });
    const failed = new Promise<never>((_, reject) => {
      client.on("error", reject);
      client.on("end", () => reject(new Error("the connection was closed")));
    });
    // Whoever waits is called, and finds the failure at its next statement.
    failed.catch(() => wakeUp.call());
    client.on("notification", () => wakeUp.call());
    const listener = new OutboxListener(client, failed);
    try {
      await client.connect();
      await listener.run(`LISTEN ${bell.channel}`, [], z.unknown());
      return listener;
    } catch (error) {
      listener.close();
      throw error;
    }
  }

  async #bounded<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      const fail = () => reject(new SilentConnectionError(`no answer within ${SILENCE_MS / 1000} s`));
      timer = setTimeout(fail, SILENCE_MS);
    });
    try {
      return await Promise.race([work, silence, this.#failed]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Does not wait for a connection that no longer answers. */
  close(): void {
    this.#client.end().catch(() => undefined);
  }
}
