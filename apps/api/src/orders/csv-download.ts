import { ORDER_CSV_COLUMNS, orderCsvFields } from "@live-orders/protocol/order-csv";
import type { Order } from "@live-orders/protocol/order";
import { stringify } from "csv-stringify/sync";
import type { Response } from "express";
import { once } from "node:events";

export const CSV_HEADERS = {
  "Content-Type": "text/csv; charset=utf-8; header=present",
  "Content-Disposition": 'attachment; filename="orders.csv"',
};

/** How long a reader may take for what it was sent, in ms: a transaction of the database waits for it. */
const PATIENCE_MS = 30_000;

/** The reader went away, or stopped reading. */
export class DownloadEndedError extends Error {
  override readonly name = "DownloadEndedError";
}

/** A CSV file on its way, sent no faster than it is read. */
export class CsvDownload {
  readonly #response: Response;

  constructor(response: Response) {
    this.#response = response;
  }

  /** @throws DownloadEndedError */
  async send(orders: readonly Order[]): Promise<void> {
    this.#begin();
    await this.#write(stringify(orders.map(orderCsvFields)));
  }

  end(): void {
    this.#begin();
    this.#response.end();
  }

  #begin(): void {
    if (this.#response.headersSent) return;
    this.#response.writeHead(200, CSV_HEADERS);
    this.#response.write(`${ORDER_CSV_COLUMNS.join(",")}\n`);
  }

  async #write(text: string): Promise<void> {
    if (this.#response.destroyed) throw new DownloadEndedError();
    if (this.#response.write(text)) return;
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), PATIENCE_MS);
    const closed = () => waiting.abort();
    this.#response.once("close", closed);
    try {
      await once(this.#response, "drain", { signal: waiting.signal });
    } catch (error) {
      throw new DownloadEndedError("The reader of an export stopped", { cause: error });
    } finally {
      clearTimeout(timer);
      this.#response.off("close", closed);
    }
  }
}
