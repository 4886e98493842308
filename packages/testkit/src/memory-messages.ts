import { MESSAGE_STATES, type AgentMessage, type MessageState } from "@live-orders/protocol/agent-message";
import type { Cursor } from "@live-orders/protocol/cursor";
import type {
  MessageChange,
  MessageCounts,
  MessageQuery,
  MessageReader,
  MessageStore,
  ReaderPlace,
  UnwrittenMessage,
} from "@live-orders/store/message-store";
import { WakeUp } from "@live-orders/store/wake-up";

const causeKey = ({ cause, order }: UnwrittenMessage): string =>
  JSON.stringify([cause.trigger, order.id, cause.position]);

/** The agent's messages in memory; one object serves as the database of several processes. */
export class MemoryMessages implements MessageStore {
  readonly #messages = new Map<string, AgentMessage>();
  readonly #causes = new Set<string>();
  readonly #readers = new Map<string, MessageReader & { readonly cursor: Cursor }>();
  readonly #wakeUp = new WakeUp();
  readonly #nowMs: () => number;
  #version = 0;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  add(messages: readonly UnwrittenMessage[]): Promise<readonly AgentMessage[]> {
    const fresh = messages.filter((message) => {
      const isNew = !this.#causes.has(causeKey(message));
      this.#causes.add(causeKey(message));
      return isNew;
    });
    return Promise.resolve(fresh.map((message) => this.#write(message)));
  }

  replace(changes: readonly MessageChange[]): Promise<readonly (AgentMessage | null)[]> {
    const isCurrent = ({ message, version }: MessageChange) =>
      this.#messages.get(message.id)?.version === version;
    return Promise.resolve(changes.map((one) => (isCurrent(one) ? this.#write(one.message) : null)));
  }

  get(id: string): Promise<AgentMessage | null> {
    return Promise.resolve(this.#messages.get(id) ?? null);
  }

  page({ states, order, limit, before }: MessageQuery): Promise<readonly AgentMessage[]> {
    const found = this.#sorted().filter(
      (message) =>
        (states.length === 0 || states.includes(message.state)) &&
        (order === null || message.order.id === order) &&
        (before === null || message.version < before),
    );
    return Promise.resolve(found.reverse().slice(0, limit));
  }

  counts(): Promise<MessageCounts> {
    const countOf = (state: MessageState) =>
      this.#sorted().filter((message) => message.state === state).length;
    const entries = MESSAGE_STATES.map((state): [MessageState, number] => [state, countOf(state)]);
    return Promise.resolve(Object.fromEntries(entries) as MessageCounts);
  }

  changes(after: number, limit: number): Promise<readonly AgentMessage[]> {
    return Promise.resolve(
      this.#sorted()
        .filter(({ version }) => version > after)
        .slice(0, limit),
    );
  }

  standing(orderIds: readonly number[]): Promise<readonly AgentMessage[]> {
    const stands = ({ order, ended }: AgentMessage) =>
      orderIds.includes(order.id) && (ended === null || ended.kind === "renamed");
    return Promise.resolve(this.#sorted().filter(stands));
  }

  oldest(state: MessageState, limit: number): Promise<readonly AgentMessage[]> {
    return Promise.resolve(
      this.#sorted()
        .filter((message) => message.state === state)
        .slice(0, limit),
    );
  }

  latest(): Promise<number> {
    return Promise.resolve(this.#version);
  }

  readPlace(reader: string): Promise<Cursor | null> {
    return Promise.resolve(this.#readers.get(reader)?.cursor ?? null);
  }

  savePlace(name: string, place: ReaderPlace): Promise<void> {
    this.#readers.set(name, { name, ...place, seen_at: new Date(this.#nowMs()).toISOString() });
    return Promise.resolve();
  }

  readers(): Promise<readonly MessageReader[]> {
    return Promise.resolve([...this.#readers.values()].map(({ cursor: _, ...reader }) => reader));
  }

  changed(): WakeUp {
    return this.#wakeUp;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #write(message: UnwrittenMessage): AgentMessage {
    this.#version += 1;
    const written = { ...message, version: this.#version };
    this.#messages.set(message.id, written);
    this.#wakeUp.call();
    return written;
  }

  #sorted(): AgentMessage[] {
    return [...this.#messages.values()].sort((a, b) => a.version - b.version);
  }
}
