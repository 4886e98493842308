import { positionSchema } from "@live-orders/protocol/position";
import type { ClientSession, Collection, Db, Timestamp } from "mongodb";
import { z } from "zod";
import { ORDER_CHANGES } from "./collection-names.ts";
import type { Deadline } from "./deadline.ts";
import { CODE, codeOf } from "./server-error.ts";

/**
 * What the document among the rows of the history says. It stands in their collection, so that both go together if
 * another program drops it: a history without its rows would be a hole that nobody sees.
 */
export interface ArchiveState {
  /** Of which collection it speaks, and from where to where it is whole. Null if it has never begun. */
  readonly span: { readonly generation: string; readonly from: string; readonly recordedTo: string } | null;
}

interface StateDocument {
  _id: string;
  /** Who may write: a name that is used for one lease only. */
  owner: string | null;
  /** By the database's clock. */
  leaseUntil: Date;
  generation?: string;
  from?: string;
  recordedTo?: string;
  /** The last gaps: what came after `after` and up to `from` was lost. */
  gaps?: { reason: string; after: string | null; from: string }[];
}

/** After all rows: a row's begins with a digit or a letter up to f. */
const STATE_ID = "recorder";
const KEPT_GAPS = 100;

const documentSchema = z.object({
  leaseUntil: z.date(),
  generation: z.string().optional(),
  from: positionSchema.optional(),
  recordedTo: positionSchema.optional(),
});

function stateOf(document: unknown): ArchiveState {
  const { generation, from, recordedTo } = documentSchema.parse(document);
  const began = generation !== undefined && from !== undefined && recordedTo !== undefined;
  return { span: began ? { generation, from, recordedTo } : null };
}

const MAJORITY = { w: "majority", journal: true, wtimeoutMS: 4000 } as const;

export const stateCollection = (db: Db): Collection<StateDocument> =>
  db.collection<StateDocument>(ORDER_CHANGES);

/** Null: there is no history. With a session: not older than what was read in it before. */
export async function readState(
  db: Db,
  deadline: Deadline,
  session?: ClientSession,
): Promise<ArchiveState | null> {
  const found: unknown = await stateCollection(db).findOne(
    { _id: STATE_ID },
    {
      readConcern: { level: "majority" },
      maxTimeMS: deadline.maxTimeMS(),
      ...(session ? { session } : {}),
    },
  );
  return found === null ? null : stateOf(found);
}

const isOver = { $expr: { $lt: ["$leaseUntil", "$$NOW"] } };
const leaseFor = (ms: number) => ({ leaseUntil: { $add: ["$$NOW", ms] } });
const options = { returnDocument: "after", writeConcern: MAJORITY } as const;

/**
 * @param unrecorded a lease that is over, but not given back, is taken if the history does not reach this; null: whatever
 * it reaches
 * @returns null if it is another's
 */
export async function takeLease(
  db: Db,
  owner: string,
  ms: number,
  unrecorded: string | null,
): Promise<ArchiveState | null> {
  const states = stateCollection(db);
  const filter = { _id: STATE_ID, ...isOver, ...(unrecorded !== null && isShortOf(unrecorded)) };
  const set = [{ $set: { owner: { $literal: owner }, ...leaseFor(ms) } }];
  const taken = await states.findOneAndUpdate(filter, set, options);
  if (taken !== null) return stateOf(taken);
  if (!(await addState(states))) return null;
  const first = await states.findOneAndUpdate(filter, set, options);
  return first === null ? null : stateOf(first);
}

const isShortOf = (position: string) => ({
  $or: [{ owner: null }, { recordedTo: { $exists: false } }, { recordedTo: { $lt: position } }],
});

/** False: it was there. */
async function addState(states: Collection<StateDocument>): Promise<boolean> {
  try {
    const add = { $setOnInsert: { owner: null, leaseUntil: new Date(0) } };
    const { upsertedCount } = await states.updateOne({ _id: STATE_ID }, add, {
      upsert: true,
      writeConcern: MAJORITY,
    });
    return upsertedCount > 0;
  } catch (error) {
    // Two upserts at once: one of them inserts.
    if (codeOf(error) === CODE.duplicateKey) return false;
    throw error;
  }
}

interface Place {
  readonly generation: string;
  readonly position: string;
}

/**
 * The end follows `at`, never back, and not over to another collection.
 *
 * @returns the write's time; null if the lease is another's
 */
export function renewLease(db: Db, owner: string, ms: number, at: Place | null): Promise<Timestamp | null> {
  return db.client.withSession(async (session) => {
    const update = [{ $set: { ...leaseFor(ms), ...(at && endAtLeast(at)) } }];
    if (!(await updateOwn(db, owner, update, session))) return null;
    if (session.operationTime === undefined) throw new TypeError("no time in the answer to a write");
    return session.operationTime;
  });
}

const endAtLeast = ({ generation, position }: Place) => ({
  recordedTo: {
    $cond: [{ $eq: ["$generation", generation] }, { $max: ["$recordedTo", position] }, "$recordedTo"],
  },
});

type StateUpdate = Parameters<Collection<StateDocument>["updateOne"]>[1];

/** False: the lease is another's, and nothing has changed. */
async function updateOwn(
  db: Db,
  owner: string,
  update: StateUpdate,
  session?: ClientSession,
): Promise<boolean> {
  const { matchedCount } = await stateCollection(db).updateOne({ _id: STATE_ID, owner }, update, {
    writeConcern: MAJORITY,
    ...(session ? { session } : {}),
  });
  return matchedCount > 0;
}

export const moveEnd = (db: Db, owner: string, recordedTo: string): Promise<boolean> =>
  updateOwn(db, owner, { $set: { recordedTo } });

export const moveBeginning = (db: Db, owner: string, from: string): Promise<boolean> =>
  updateOwn(db, owner, { $max: { from } });

/** The history begins, or begins anew after a gap. */
export function beginSpan(
  db: Db,
  owner: string,
  { generation, position }: Place,
  gap: { readonly reason: string; readonly after: string | null } | null,
): Promise<boolean> {
  const $set = { generation, from: position, recordedTo: position };
  if (gap === null) return updateOwn(db, owner, { $set });
  const entry = { ...gap, from: position };
  return updateOwn(db, owner, { $set, $push: { gaps: { $each: [entry], $slice: -KEPT_GAPS } } });
}

/** The end follows `at` as in a renewal. */
export async function releaseLease(db: Db, owner: string, at: Place | null): Promise<void> {
  await updateOwn(db, owner, [{ $set: { owner: null, leaseUntil: new Date(0), ...(at && endAtLeast(at)) } }]);
}

/** Takes a lease that is over from its holder, who takes it again within `leaseMs` if it lives. False: none is. */
export async function vacateLease(db: Db): Promise<boolean> {
  const filter = { _id: STATE_ID, ...isOver, owner: { $ne: null } };
  const vacate = { $set: { owner: null } };
  return (await stateCollection(db).updateOne(filter, vacate, { writeConcern: MAJORITY })).matchedCount > 0;
}

/** False: a node has the lease. */
export async function removeUnleasedState(db: Db): Promise<boolean> {
  const states = stateCollection(db);
  await states.deleteOne({ _id: STATE_ID, owner: null }, { writeConcern: MAJORITY });
  return (await states.countDocuments({ _id: STATE_ID }, { limit: 1 })) === 0;
}
