import {
  agentMessageSchema,
  MESSAGE_STATES,
  type AgentMessage,
  type MessageState,
} from "@live-orders/protocol/agent-message";
import type { MessageCounts, UnwrittenMessage } from "@live-orders/store/message-store";
import type { Collection, Db, Document, Filter, IndexDescription } from "mongodb";
import { AGENT_MESSAGES, AGENT_READERS } from "./collection-names.ts";
import { CODE, codeOf } from "./server-error.ts";

/** A message, or the one document among them that hands out their versions. */
export interface MessageDocument extends Document {
  _id: string;
}

export interface ReaderDocument {
  _id: string;
  cursor: string;
  drafts_by: string;
  sends: boolean;
  seen_at: Date;
}

export const messageRows = (db: Db): Collection<MessageDocument> => db.collection(AGENT_MESSAGES);
export const readerRows = (db: Db): Collection<ReaderDocument> => db.collection(AGENT_READERS);

/** No message has this id. It stands among them, so that they go together if another program drops them. */
export const VERSIONS_ID = "versions";
export const MESSAGES = { _id: { $ne: VERSIONS_ID } } satisfies Filter<MessageDocument>;

const INDEXES: IndexDescription[] = [
  { key: { "cause.trigger": 1, "order.id": 1, "cause.position": 1 }, unique: true },
  { key: { version: 1 } },
  { key: { state: 1, version: 1 } },
  { key: { "order.id": 1, version: 1 } },
];

/** Changes nothing that is right already: any number of processes may call it at once. */
export async function setUpMessages(db: Db): Promise<void> {
  await messageRows(db).createIndexes(INDEXES);
  try {
    // Versions of a collection that was made anew are higher than those of the old one.
    const first = { last: Date.now() * 1000 };
    await messageRows(db).updateOne({ _id: VERSIONS_ID }, { $setOnInsert: first }, { upsert: true });
  } catch (error) {
    // Two upserts at once: one of them inserts.
    if (codeOf(error) !== CODE.duplicateKey) throw error;
  }
}

/** Versions are beyond 32 bits: a BSON double holds them exactly. */
export const documentOf = ({ id, ...fields }: UnwrittenMessage, version: number): MessageDocument => ({
  ...fields,
  _id: id,
  version,
});

export function messageOf({ _id, ...fields }: MessageDocument): AgentMessage {
  return agentMessageSchema.parse({ id: _id, ...fields });
}

/** The filter for the message of this cause. */
export const causeOf = ({ cause, order }: UnwrittenMessage) => ({
  "cause.trigger": cause.trigger,
  "order.id": order.id,
  "cause.position": cause.position,
});

export const causeKey = ({ cause, order }: UnwrittenMessage): string =>
  JSON.stringify([cause.trigger, order.id, cause.position]);

export function countsOf(
  found: readonly { readonly _id: unknown; readonly count: unknown }[],
): MessageCounts {
  const byState = new Map(found.map(({ _id, count }) => [_id, Number(count)]));
  const entries = MESSAGE_STATES.map((state): [MessageState, number] => [state, byState.get(state) ?? 0]);
  return Object.fromEntries(entries) as MessageCounts;
}
