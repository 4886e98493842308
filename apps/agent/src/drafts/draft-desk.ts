import {
  agentMessageSchema,
  draftTextSchema,
  type AgentMessage,
  type MessageCause,
} from "@live-orders/protocol/agent-message";
import type { MessageChange, MessageStore } from "@live-orders/store/message-store";
import { moved } from "@live-orders/store/message-steps";
import type { Logger } from "pino";
import type { Drafted, Drafter } from "./drafter.ts";

interface DeskParts {
  readonly messages: MessageStore;
  readonly drafter: Drafter;
  /** The agent's name, and its process's. */
  readonly by: string;
  /** Whether the messages of such a cause go out without a person. */
  readonly autoSends: (cause: MessageCause) => boolean;
  readonly log: Logger;
}

const BATCH = 50;
/** How long a text that could not be written now is left alone, in milliseconds. */
const RETRY_MS = 10_000;
const LOOK_EVERY_MS = 5_000;

/**
 * Writes the text of every queued message, whichever agent queued it. What comes of one is kept only if the message
 * still waits for it.
 */
export class DraftDesk {
  readonly #parts: DeskParts;
  /** Messages that failed, and until when they are left alone; bounded by what one look finds. */
  #resting = new Map<string, number>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const wakeUp = this.#parts.messages.changed();
    while (!signal.aborted) {
      const seen = wakeUp.count;
      const found = await this.#look(signal).catch((error: unknown) => {
        this.#parts.log.warn({ err: error }, "texts can't be written just now");
        return 0;
      });
      if (found < BATCH) await wakeUp.after(seen, LOOK_EVERY_MS, signal);
    }
  }

  /** Returns how many were drafted. */
  async #look(signal: AbortSignal): Promise<number> {
    const { messages } = this.#parts;
    const queued = await messages.oldest("queued", BATCH);
    const now = Date.now();
    const due = queued.filter((message) => this.#isDue(message, now));
    this.#resting = new Map([...this.#resting].filter(([, until]) => until > now));
    const { atOnce } = this.#parts.drafter;
    for (let from = 0; from < due.length && !signal.aborted; from += atOnce) {
      const drafts = due.slice(from, from + atOnce).map((message) => this.#draft(message, signal));
      const changes = (await Promise.all(drafts)).filter((change) => change !== null);
      // Those that another one wrote, or that became obsolete meanwhile, stay as they are.
      await messages.replace(changes);
    }
    return due.length;
  }

  #isDue({ id, deeds: [first] }: AgentMessage, now: number): boolean {
    if ((this.#resting.get(id) ?? 0) > now) return false;
    const { by, drafter } = this.#parts;
    return first?.by === by || now - Date.parse(first?.at ?? "") >= drafter.patienceMs;
  }

  async #draft(message: AgentMessage, signal: AbortSignal): Promise<MessageChange | null> {
    const { drafter, log } = this.#parts;
    try {
      const drafted = await drafter.draft(message, signal);
      const { kind: outcome, ...about } =
        drafted.kind === "declined" ? drafted : { ...drafted, content: undefined };
      log.info({ message: message.id, cause: message.cause, outcome, ...about }, "a text was written");
      return this.#taken(message, drafted);
    } catch (error) {
      if (signal.aborted) return null;
      log.warn({ err: error, message: message.id }, "a text could not be written; trying again");
      this.#resting.set(message.id, Date.now() + RETRY_MS);
      return null;
    }
  }

  /** What a drafter gives is checked before it is kept. */
  #taken(message: AgentMessage, drafted: Drafted): MessageChange {
    const doer = { by: this.#parts.by, at: new Date().toISOString() };
    if (drafted.kind === "declined") return moved(message, "declined", doer, { reason: drafted.reason });
    const content = draftTextSchema.parse(drafted.content);
    const made_by = agentMessageSchema.shape.made_by.parse(drafted.made_by);
    const draft = moved(message, "draft", doer, { content, made_by, reason: drafted.note ?? null });
    if (!this.#parts.autoSends(message.cause)) return draft;
    const written = { ...draft.message, version: draft.version };
    return moved(written, "approved", { by: `auto_send of ${message.cause.trigger}`, at: doer.at });
  }
}
