import type { ChangeHistory, HistoryEvent } from "@live-orders/store/change-history";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { StoreUnavailableError } from "@live-orders/store/order-store";
import { MongoError } from "mongodb";
import { readChanges, SilentStreamError } from "./change-reading.ts";
import { type Place, placeOf, positionOf } from "./mongo-position.ts";
import type { OrdersHome } from "./orders-home.ts";
import { classifyStreamFailure } from "./stream-failure.ts";

/** The oplog as history: a stream that starts at a cursor, for as long as the database keeps what followed it. */
export class OplogHistory implements ChangeHistory {
  readonly rung = "database";
  readonly #home: OrdersHome;

  /** @param home on a client of its own */
  constructor(home: OrdersHome) {
    this.#home = home;
  }

  async *read(after: CursorParts, signal: AbortSignal): AsyncGenerator<HistoryEvent, void, undefined> {
    try {
      if (after.generation !== (await this.#home.readGeneration()))
        return yield { kind: "lost", reason: "collection-gone" };
      const place = placeOf(after.position);
      if (place === null) return yield { kind: "lost", reason: "history-lost" };
      yield* this.#follow(place, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (classifyStreamFailure(error) === "history-lost")
        return yield { kind: "lost", reason: "history-lost" };
      throw asUnavailable(error);
    }
  }

  async *#follow(from: Place, signal: AbortSignal): AsyncGenerator<HistoryEvent, void, undefined> {
    const { db } = this.#home;
    // What is left out was counted when it was live.
    const readings = readChanges({ db, from, signal, onLeftOut: () => undefined });
    for await (const reading of readings) {
      if (reading.kind === "gone") return yield { kind: "lost", reason: "collection-gone" };
      yield { kind: "batch", changes: reading.changes, position: positionOf(reading.place) };
    }
  }
}

function asUnavailable(error: unknown): unknown {
  const fromDatabase = error instanceof MongoError || error instanceof SilentStreamError;
  return fromDatabase
    ? new StoreUnavailableError(`The history can't be read: ${error.message}`, { cause: error })
    : error;
}
