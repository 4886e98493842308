import type { AgentMessage, MessageState } from "@live-orders/protocol/agent-message";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { WakeUp } from "./wake-up.ts";

/** A message as it is to be written: the database gives it its version. */
export type UnwrittenMessage = Omit<AgentMessage, "version">;

/**
 * The seam to the agent's messages, and to where each agent stands in the feed of orders.
 *
 * A message's `version` grows with every write of any message, in the order of commits: who has read one has read all
 * lower ones, so that "everything above a version" is a feed of its own. It is compacted: of each message it tells the
 * state as it stands. Every method answers within 5 s or throws `StoreUnavailableError`.
 */
export interface MessageStore {
  /**
   * Writes those whose cause (trigger, order, position) no message has yet, at most `MAX_ADDED` at once; the database
   * itself lets in one message for a cause only.
   *
   * @returns those that were written
   */
  add(messages: readonly UnwrittenMessage[]): Promise<readonly AgentMessage[]>;
  /**
   * Compare and set, at most `MAX_ADDED` at once. A cause stays what it is.
   *
   * @returns one for each: null where the message has another version, or is not there, and nothing was written
   */
  replace(changes: readonly MessageChange[]): Promise<readonly (AgentMessage | null)[]>;
  get(id: string): Promise<AgentMessage | null>;
  /** The latest written first. */
  page(query: MessageQuery): Promise<readonly AgentMessage[]>;
  counts(): Promise<MessageCounts>;
  /** Those above `after`, the lowest version first. */
  changes(after: number, limit: number): Promise<readonly AgentMessage[]>;
  /** Of these orders, those whose cause has not ended, or has only in that the order was renamed. */
  standing(orderIds: readonly number[]): Promise<readonly AgentMessage[]>;
  /** Of one state, the one that has been in it for longest first. */
  oldest(state: MessageState, limit: number): Promise<readonly AgentMessage[]>;
  /** A version that all writes so far are at or below, and all later ones above. */
  latest(): Promise<number>;

  /** Null: none was saved under this name. */
  readPlace(reader: string): Promise<Cursor | null>;
  /** Also tells that the reader is there, by the database's clock. */
  savePlace(reader: string, place: ReaderPlace): Promise<void>;
  readers(): Promise<readonly MessageReader[]>;

  /** Called soon after messages may have changed, by whatever process. Listens from the first call on. */
  changed(): WakeUp;
  close(): Promise<void>;
}

export interface MessageChange {
  readonly message: UnwrittenMessage;
  /** That it must have. */
  readonly version: number;
}

export const MAX_ADDED = 200;

export interface MessageQuery {
  /** Empty: all. */
  readonly states: readonly MessageState[];
  readonly order: number | null;
  readonly limit: number;
  /** Those below this version; null: from the latest on. */
  readonly before: number | null;
}

export type MessageCounts = Readonly<Record<MessageState, number>>;

export interface ReaderPlace {
  readonly cursor: Cursor;
  /** What writes its texts, and whether it sends. */
  readonly drafts_by: string;
  readonly sends: boolean;
}

export interface MessageReader extends Omit<ReaderPlace, "cursor"> {
  readonly name: string;
  /** RFC 3339 */
  readonly seen_at: string;
}
