import type { ChangeHistory, HistoryEvent } from "@live-orders/store/change-history";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import { ZodError } from "zod";
import type { ArchivedPage, ArchiveReader } from "./archive-reader.ts";

/**
 * The durable history as a rung: its rows from a cursor up to where it ends, and from there on the oplog, which has what
 * is not recorded yet. A reader that is so slow that the oplog loses it finds that in the rows by then.
 */
export class ArchiveHistory implements ChangeHistory {
  readonly rung = "history";
  readonly #reader: ArchiveReader;
  readonly #oplog: ChangeHistory;

  constructor(reader: ArchiveReader, oplog: ChangeHistory) {
    this.#reader = reader;
    this.#oplog = oplog;
  }

  async *read(after: CursorParts, signal: AbortSignal): AsyncGenerator<HistoryEvent, void, undefined> {
    let at = after;
    let lost: HistoryEvent = { kind: "lost", reason: "history-lost" };
    let from: CursorParts | null = null;
    while (!signal.aborted) {
      const page = await this.#page(at);
      if (page.kind === "page") {
        at = { ...at, position: page.position };
        yield { kind: "batch", changes: page.changes, position: page.position };
        continue;
      }
      // The oplog has given nothing since it was lost here, nor have the rows.
      if (page.kind === "lost" || from === at) return yield lost;
      from = at;
      for await (const event of this.#oplog.read(at, signal)) {
        if (event.kind === "lost") {
          lost = event;
          break;
        }
        at = { ...at, position: event.position };
        from = null;
        yield event;
      }
    }
  }

  /** A row that another program has spoilt is a hole, too. */
  async #page(at: CursorParts): Promise<ArchivedPage> {
    try {
      return await this.#reader.after(at);
    } catch (error) {
      if (error instanceof ZodError) return { kind: "lost" };
      throw error;
    }
  }
}
