import { randomUUID } from "node:crypto";
import type { AgentMessage } from "@live-orders/protocol/agent-message";
import { MAX_ADDED, type MessageChange, type MessageStore } from "@live-orders/store/message-store";
import { endedBy, queuedMessage, type Doer } from "@live-orders/store/message-steps";
import type { Order } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import type { Logger } from "pino";
import type { FoundCause } from "../triggers/found-cause.ts";

/** An order as it is as of a position; null: there is none. */
export interface SeenOrder {
  readonly id: number;
  readonly order: Order | null;
  readonly position: Position;
}

interface RecorderParts {
  readonly messages: MessageStore;
  readonly by: string;
  readonly log: Logger;
}

/** Tries of a compare-and-set that others win: each means that somebody got something done. */
const TRIES = 20;

/** Writes down what was found: causes, and that they hold no more. To do it again changes nothing. */
export class CauseRecorder {
  readonly #parts: RecorderParts;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** Resolves when each cause has its message, whoever wrote it, with those that were written now. */
  async record(found: readonly FoundCause[]): Promise<readonly AgentMessage[]> {
    const { messages, log } = this.#parts;
    const all: AgentMessage[] = [];
    for (let start = 0; start < found.length; start += MAX_ADDED) {
      const part = found.slice(start, start + MAX_ADDED);
      const doer = this.#doer();
      const added = await messages.add(
        part.map(({ cause, order }) => queuedMessage(randomUUID(), cause, order, doer)),
      );
      for (const { id, cause, order } of added) log.info({ message: id, cause, order: order.id }, "a cause");
      all.push(...added);
    }
    return all;
  }

  /**
   * Marks those of these orders' messages whose cause the orders have ended.
   *
   * @param seen in the order of their positions; an order may be among them as it was several times
   */
  async end(seen: readonly SeenOrder[]): Promise<void> {
    const ids = [...new Set(seen.map(({ id }) => id))];
    for (let tries = 0; tries < TRIES && ids.length > 0; tries += 1) {
      const standing = await this.#parts.messages.standing(ids);
      const changes = standing.flatMap((message): MessageChange[] => {
        const own = seen.filter(({ id }) => id === message.order.id);
        const change = this.#endOf(message, own);
        return change === null ? [] : [change];
      });
      if (await this.#replaceAll(changes)) return;
    }
    if (ids.length > 0) throw new Error("messages change faster than their ends can be noted");
  }

  /** That the order went elsewhere counts more than another name. */
  #endOf(message: AgentMessage, seen: readonly SeenOrder[]): MessageChange | null {
    // What the message's own order says already is older than it.
    const later = seen.filter(({ position }) => position > message.cause.as_of);
    const ends = later.flatMap(({ order }) => endedBy(message, order, this.#doer()) ?? []);
    return ends.find(({ message: next }) => next.ended?.kind !== "renamed") ?? ends[0] ?? null;
  }

  /** False: some were changed by others meanwhile. */
  async #replaceAll(changes: readonly MessageChange[]): Promise<boolean> {
    let all = true;
    for (let start = 0; start < changes.length; start += MAX_ADDED) {
      const written = await this.#parts.messages.replace(changes.slice(start, start + MAX_ADDED));
      all &&= written.every((message) => message !== null);
    }
    return all;
  }

  #doer(): Doer {
    return { by: this.#parts.by, at: new Date().toISOString() };
  }
}
