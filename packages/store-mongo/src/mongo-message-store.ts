import type { AgentMessage, MessageState } from "@live-orders/protocol/agent-message";
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
import type { Db, Filter, MongoClient } from "mongodb";
import { answerInTime } from "./deadline.ts";
import { ringForMessages } from "./message-bell.ts";
import {
  countsOf,
  type MessageDocument,
  messageOf,
  messageRows,
  MESSAGES,
  readerRows,
  setUpMessages,
  VERSIONS_ID,
} from "./message-rows.ts";
import { MessageWrites } from "./message-writes.ts";
import { messagesClient } from "./mongo-clients.ts";
import { explain } from "./server-check.ts";
import type { StoreLogger } from "./store-logger.ts";

export interface MongoMessagesOptions {
  readonly uri: string;
  /** Default `live_orders`. */
  readonly database?: string;
  readonly logger: StoreLogger;
}

/** `reason`: one clear line that says what to do. */
export type MongoMessagesOutcome =
  | { readonly kind: "open"; readonly messages: MessageStore }
  | { readonly kind: "refused"; readonly reason: string };

/** Opens the agent's messages, making their collections. Refused within about 5 s if the database is out of reach. */
export async function openMongoMessages(options: MongoMessagesOptions): Promise<MongoMessagesOutcome> {
  let client: MongoClient | undefined;
  try {
    client = messagesClient(options.uri);
    await client.connect();
    const db = client.db(options.database ?? "live_orders");
    await answerInTime(() => setUpMessages(db));
    return { kind: "open", messages: new MongoMessageStore(client, db, options.logger) };
  } catch (error) {
    await client?.close();
    return { kind: "refused", reason: explain(error) };
  }
}

const MAJORITY = { readConcern: { level: "majority" } } as const;

class MongoMessageStore implements MessageStore {
  readonly #client: MongoClient;
  readonly #db: Db;
  readonly #writes: MessageWrites;
  readonly #logger: StoreLogger;
  readonly #wakeUp = new WakeUp();
  readonly #closing = new AbortController();
  #bell: Promise<void> | null = null;

  constructor(client: MongoClient, db: Db, logger: StoreLogger) {
    this.#client = client;
    this.#db = db;
    this.#writes = new MessageWrites(client, db);
    this.#logger = logger;
  }

  add(messages: readonly UnwrittenMessage[]): Promise<readonly AgentMessage[]> {
    return answerInTime((deadline) => this.#writes.add(messages, deadline));
  }

  replace(changes: readonly MessageChange[]): Promise<readonly (AgentMessage | null)[]> {
    return answerInTime((deadline) => this.#writes.replace(changes, deadline));
  }

  async get(id: string): Promise<AgentMessage | null> {
    const [found] = id === VERSIONS_ID ? [] : await this.#find({ _id: id }, 1, 1);
    return found ?? null;
  }

  page({ states, order, limit, before }: MessageQuery): Promise<readonly AgentMessage[]> {
    const filter = {
      ...(states.length > 0 && { state: { $in: [...states] } }),
      ...(order !== null && { "order.id": order }),
      ...(before !== null && { version: { $lt: before } }),
    };
    return this.#find(filter, -1, limit);
  }

  counts(): Promise<MessageCounts> {
    const pipeline = [{ $match: MESSAGES }, { $group: { _id: "$state", count: { $sum: 1 } } }];
    return answerInTime(async (deadline) => {
      const options = { ...MAJORITY, maxTimeMS: deadline.maxTimeMS() };
      const found = messageRows(this.#db).aggregate<{ _id: unknown; count: unknown }>(pipeline, options);
      return countsOf(await found.toArray());
    });
  }

  changes(after: number, limit: number): Promise<readonly AgentMessage[]> {
    return this.#find({ version: { $gt: after } }, 1, limit);
  }

  standing(orderIds: readonly number[]): Promise<readonly AgentMessage[]> {
    const stands = { $or: [{ ended: null }, { "ended.kind": "renamed" }] };
    return this.#find({ "order.id": { $in: [...orderIds] }, ...stands }, 1, 0);
  }

  oldest(state: MessageState, limit: number): Promise<readonly AgentMessage[]> {
    return this.#find({ state }, 1, limit);
  }

  async latest(): Promise<number> {
    return answerInTime(async () => {
      const counter = await messageRows(this.#db).findOne({ _id: VERSIONS_ID }, MAJORITY);
      return Number(counter?.["last"] ?? 0);
    });
  }

  readPlace(reader: string): Promise<Cursor | null> {
    return answerInTime(async () => (await readerRows(this.#db).findOne({ _id: reader }))?.cursor ?? null);
  }

  savePlace(reader: string, { cursor, drafts_by, sends }: ReaderPlace): Promise<void> {
    const set = { cursor: { $literal: cursor }, drafts_by: { $literal: drafts_by }, sends, seen_at: "$$NOW" };
    return answerInTime(async () => {
      await readerRows(this.#db).updateOne({ _id: reader }, [{ $set: set }], { upsert: true });
    });
  }

  readers(): Promise<readonly MessageReader[]> {
    return answerInTime(async () => {
      const found = await readerRows(this.#db).find().sort({ _id: 1 }).limit(100).toArray();
      return found.map(({ _id, drafts_by, sends, seen_at }) => ({
        name: _id,
        drafts_by,
        sends,
        seen_at: seen_at.toISOString(),
      }));
    });
  }

  changed(): WakeUp {
    this.#bell ??= ringForMessages(this.#db, this.#wakeUp, this.#logger, this.#closing.signal);
    return this.#wakeUp;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#bell;
    await this.#client.close();
  }

  #find(filter: Filter<MessageDocument>, direction: 1 | -1, limit: number): Promise<readonly AgentMessage[]> {
    return answerInTime(async (deadline) => {
      const options = { ...MAJORITY, maxTimeMS: deadline.maxTimeMS() };
      const rows = messageRows(this.#db).find({ $and: [MESSAGES, filter] }, options);
      const found = await rows.sort({ version: direction }).limit(limit).toArray();
      return found.map(messageOf);
    });
  }
}
