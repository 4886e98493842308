import type { CursorParts } from "@live-orders/store/cursor-parts";
import { type ClientSession, type Db, type MongoClient, Timestamp } from "mongodb";
import { readGeneration, setUpCollections } from "./collection-setup.ts";
import type { Deadline } from "./deadline.ts";
import { completeAt, positionOf } from "./mongo-position.ts";
import { ORDERS } from "./order-model.ts";
import { CODE, codeOf, isTransient } from "./server-error.ts";

/** What a snapshot read gave, with the instant of all of it. */
export interface SnapshotAnswer<T> {
  readonly value: T;
  /** All changes with a cluster time up to this one are in it, none later. */
  readonly time: Timestamp;
}

const RETRY_PAUSE_MS = 20;

/** The database where `orders` lives, as one client sees it: reads of one instant, and which collection they read. */
export class OrdersHome {
  readonly client: MongoClient;
  readonly db: Db;
  #setUp: Promise<string> | null = null;
  /** As of the last time that it was read. */
  #generation: string | null = null;
  /** The latest time that this process has seen or handed out. */
  #latest: Timestamp | null = null;

  constructor(client: MongoClient, database: string) {
    this.client = client;
    this.db = client.db(database);
  }

  /** Makes and mends the collections; calls at the same time share one run. */
  setUp(): Promise<string> {
    this.#setUp ??= setUpCollections(this.db).finally(() => {
      this.#setUp = null;
    });
    return this.#setUp;
  }

  /** Later reads of this process are at or after `time`. */
  saw(time: Timestamp): void {
    if (this.#latest === null || time.greaterThan(this.#latest)) this.#latest = time;
  }

  /**
   * Reads at one instant. Tried again until the deadline while the collection is being made anew (246), and after a
   * change of primary until the new one is as far as the reads and writes before.
   */
  async snapshot<T>(
    deadline: Deadline,
    read: (session: ClientSession) => Promise<T>,
  ): Promise<SnapshotAnswer<T>> {
    for (;;) {
      const answer = await this.#tryRead(deadline, read);
      if (answer !== null) return answer;
      await deadline.pause(RETRY_PAUSE_MS);
    }
  }

  async #tryRead<T>(
    deadline: Deadline,
    read: (session: ClientSession) => Promise<T>,
  ): Promise<SnapshotAnswer<T> | null> {
    const session = this.client.startSession({ snapshot: true });
    try {
      return await this.#readIn(session, deadline, read);
    } finally {
      await session.endSession();
    }
  }

  async #readIn<T>(
    session: ClientSession,
    deadline: Deadline,
    read: (session: ClientSession) => Promise<T>,
  ): Promise<SnapshotAnswer<T> | null> {
    try {
      const value = await read(session);
      const time = snapshotTimeOf(session);
      // A collection that is not there has no snapshot either.
      if (time === undefined) await this.setUp();
      if (time === undefined || this.#latest?.greaterThan(time) === true) return null;
      this.saw(time);
      return { value, time };
    } catch (error) {
      deadline.check(error);
      if (codeOf(error) === CODE.snapshotUnavailable || isTransient(error)) return null;
      throw error;
    }
  }

  /** A session that has its instant, which all its reads are of. To be ended by who asked for it. */
  async openSnapshot(deadline: Deadline): Promise<ClientSession> {
    for (;;) {
      const session = this.client.startSession({ snapshot: true });
      const pinned = await this.#readIn(session, deadline, () => this.#readAny(session, deadline)).catch(
        async (error: unknown) => {
          await session.endSession();
          throw error;
        },
      );
      if (pinned !== null) return session;
      await session.endSession();
      await deadline.pause(RETRY_PAUSE_MS);
    }
  }

  #readAny(session: ClientSession, deadline: Deadline): Promise<unknown> {
    const options = { projection: { _id: 1 }, session, maxTimeMS: deadline.maxTimeMS() };
    return this.db.collection(ORDERS).findOne({}, options);
  }

  /** A snapshot read together with the generation of the collection that it read. */
  async snapshotWithin<T>(
    deadline: Deadline,
    read: (session: ClientSession) => Promise<T>,
  ): Promise<{ value: T; at: CursorParts }> {
    for (;;) {
      const before = this.#generation;
      const { value, time } = await this.snapshot(deadline, read);
      const generation = await this.readGeneration();
      // The same name before and after: no other collection can have stood in between.
      if (generation === before) return { value, at: { generation, position: positionOf(completeAt(time)) } };
      deadline.check();
    }
  }

  /** Which collection is `orders`; one is made if there is none. */
  async readGeneration(): Promise<string> {
    this.#generation = (await readGeneration(this.db)) ?? (await this.setUp());
    return this.#generation;
  }

  /** The cursor of now. */
  async now(deadline: Deadline): Promise<CursorParts> {
    const { at } = await this.snapshotWithin(deadline, (session) => this.#readAny(session, deadline));
    return at;
  }
}

/** The driver keeps it, but does not declare it. */
function snapshotTimeOf(session: ClientSession): Timestamp | undefined {
  const time: unknown = Reflect.get(session, "snapshotTime");
  return time instanceof Timestamp ? time : undefined;
}
