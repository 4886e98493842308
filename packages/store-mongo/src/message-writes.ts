import type { AgentMessage } from "@live-orders/protocol/agent-message";
import type { MessageChange, UnwrittenMessage } from "@live-orders/store/message-store";
import type { ClientSession, Db, MongoClient, TransactionOptions } from "mongodb";
import type { Deadline } from "./deadline.ts";
import {
  causeKey,
  causeOf,
  documentOf,
  messageOf,
  messageRows,
  setUpMessages,
  VERSIONS_ID,
} from "./message-rows.ts";
import { CODE, codeOf, isTransient, isUnknownCommit } from "./server-error.ts";

const TRANSACTION: TransactionOptions = { readConcern: { level: "snapshot" } };

/** In ms: the other writer's transaction is over soon. */
const pauseAfter = (attempt: number): number => Math.min(100, 3 * 1.6 ** attempt) * (0.5 + Math.random() / 2);

/** The collection was dropped while it was written to, and has been made anew. */
class MadeAnewError extends Error {}

const mayPass = (error: unknown): boolean =>
  isTransient(error) || codeOf(error) === CODE.duplicateKey || error instanceof MadeAnewError;

/** The highest of so many versions, for the transaction that asks. */
type Versions = (count: number) => Promise<number>;
type Work<T> = (session: ClientSession, versions: Versions) => Promise<T>;

/**
 * One transaction a write, tried again while another process's is in its way: all of them change the document that hands
 * out the versions, and so commit in the versions' order. Those of one process wait for each other: many that only try
 * again would keep one another from it.
 */
export class MessageWrites {
  readonly #client: MongoClient;
  readonly #db: Db;
  /** Resolves when the last write that was asked for is over. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(client: MongoClient, db: Db) {
    this.#client = client;
    this.#db = db;
  }

  async add(messages: readonly UnwrittenMessage[], deadline: Deadline): Promise<readonly AgentMessage[]> {
    // Most of what a replay brings is there: that takes no transaction.
    const missing = await this.#missing(messages);
    if (missing.length === 0) return [];
    return this.#write(deadline, async (session, versions) => {
      const last = await versions(missing.length);
      const fresh = await this.#missing(missing, session);
      const first = last - fresh.length + 1;
      const documents = fresh.map((message, index) => documentOf(message, first + index));
      if (documents.length > 0) await messageRows(this.#db).insertMany(documents, { session });
      return documents.map(messageOf);
    });
  }

  async replace(
    changes: readonly MessageChange[],
    deadline: Deadline,
  ): Promise<readonly (AgentMessage | null)[]> {
    if (changes.length === 0) return [];
    return this.#write(deadline, async (session, versions) => {
      const last = await versions(changes.length);
      const written: (AgentMessage | null)[] = [];
      for (const [index, { message, version }] of changes.entries()) {
        const next = documentOf(message, last - changes.length + 1 + index);
        const filter = { _id: message.id, version, ...causeOf(message) };
        const { matchedCount } = await messageRows(this.#db).replaceOne(filter, next, { session });
        written.push(matchedCount === 0 ? null : messageOf(next));
      }
      return written;
    });
  }

  /** Those without a message of their cause, each cause once. */
  async #missing(
    messages: readonly UnwrittenMessage[],
    session?: ClientSession,
  ): Promise<readonly UnwrittenMessage[]> {
    if (messages.length === 0) return [];
    const options = { projection: { cause: 1, order: 1 }, ...(session && { session }) };
    const filter = { $or: messages.map(causeOf) };
    const found = await messageRows(this.#db).find<UnwrittenMessage>(filter, options).toArray();
    const known = new Set(found.map(causeKey));
    return messages.filter((message) => {
      const key = causeKey(message);
      const isMissing = !known.has(key);
      known.add(key);
      return isMissing;
    });
  }

  #write<T>(deadline: Deadline, work: Work<T>): Promise<T> {
    const written = this.#turn.then(() => {
      deadline.check();
      return this.#transact(deadline, work);
    });
    this.#turn = written.catch(() => undefined);
    return written;
  }

  async #transact<T>(deadline: Deadline, work: Work<T>): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      const session = this.#client.startSession();
      try {
        session.startTransaction(TRANSACTION);
        const result = await work(session, (count) => this.#versions(count, session));
        await commit(session, deadline);
        return result;
      } catch (error) {
        deadline.check(error);
        if (!mayPass(error)) throw error;
      } finally {
        await session.endSession();
      }
      await deadline.pause(pauseAfter(attempt));
    }
  }

  async #versions(count: number, session: ClientSession): Promise<number> {
    const counter = await messageRows(this.#db).findOneAndUpdate(
      { _id: VERSIONS_ID },
      { $inc: { last: count } },
      { session, returnDocument: "after" },
    );
    if (counter !== null) return Number(counter["last"]);
    await setUpMessages(this.#db);
    throw new MadeAnewError();
  }
}

async function commit(session: ClientSession, deadline: Deadline): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await session.commitTransaction();
      return;
    } catch (error) {
      if (!isUnknownCommit(error)) throw error;
      await deadline.pause(pauseAfter(attempt));
    }
  }
}
