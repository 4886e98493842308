import { type Change, changeSchema } from "@live-orders/protocol/change";
import type { Position } from "@live-orders/protocol/position";
import { type ClientSession, type Collection, type Db, type Filter, MongoBulkWriteError } from "mongodb";
import { z } from "zod";
import { ORDER_CHANGES } from "./collection-names.ts";
import type { Deadline } from "./deadline.ts";
import { CODE } from "./server-error.ts";

/** A change as a row, with its images as they are in a `Change`. */
interface ChangeRow extends Omit<Change, "at"> {
  /** `<position>~<generation>`: in commit order, and not another collection's. */
  _id: string;
  generation: string;
  at: Date;
  /** The row's `_id`, if the change is a turn: an index of these alone finds an order's last one in one step. */
  turn?: string;
}

/** The order became pending, or its life began or ended, or an image is missing, so that it is not known what became of it. */
const isTurn = ({ before, after }: Change): boolean =>
  before === null || after === null || (before.status !== "pending" && after.status === "pending");

export const rowsOf = (db: Db): Collection<ChangeRow> => db.collection<ChangeRow>(ORDER_CHANGES);

/** After every row at or before the position: `~` sorts after all that positions and generations are made of. */
export const past = (position: Position): string => `${position}~~`;

/** Makes the indexes for the history of one order, and for its turns; changes nothing where they are. */
export async function setUpRows(db: Db): Promise<void> {
  await rowsOf(db).createIndexes([
    { key: { id: 1, generation: 1, _id: 1 } },
    { key: { id: 1, generation: 1, turn: 1 }, partialFilterExpression: { turn: { $exists: true } } },
  ]);
}

/** Adds what is not there yet. A row that is there is this change: its place is the database's own. */
export async function addRows(db: Db, generation: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((change) => rowOf(change, generation));
  const writeConcern = { w: "majority", journal: true, wtimeoutMS: 4000 } as const;
  try {
    await rowsOf(db).insertMany(rows, { ordered: false, writeConcern });
  } catch (error) {
    if (!isDuplicatesOnly(error)) throw error;
  }
}

function rowOf(change: Change, generation: string): ChangeRow {
  const _id = `${change.position}~${generation}`;
  return { ...change, _id, generation, at: new Date(change.at), ...(isTurn(change) && { turn: _id }) };
}

/** The driver's error for a bulk write also tells of a connection that broke, and of a majority that was not reached. */
function isDuplicatesOnly(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError()) return false;
  const refused = [error.writeErrors].flat();
  return refused.length > 0 && refused.every(({ code }) => code === CODE.duplicateKey);
}

export interface RowsRead {
  readonly deadline: Deadline;
  readonly session: ClientSession;
  readonly limit: number;
}

/** The changes after one position and up to another, oldest first. */
export function readRows(
  db: Db,
  generation: string,
  { after, upTo }: { readonly after: Position; readonly upTo: Position },
  how: RowsRead,
): Promise<Change[]> {
  return read(db, { _id: { $gt: past(after), $lt: past(upTo) }, generation }, 1, how);
}

/** The newest up to a position, newest first. */
export function readNewest(db: Db, generation: string, upTo: Position, how: RowsRead): Promise<Change[]> {
  return read(db, { _id: { $lt: past(upTo) }, generation }, -1, how);
}

/** The changes of one order up to a position, newest first. */
export function readRowsOf(
  db: Db,
  generation: string,
  { id, upTo, before }: { readonly id: number; readonly upTo: Position; readonly before: Position | null },
  how: RowsRead,
): Promise<Change[]> {
  const end = before !== null && before <= upTo ? before : past(upTo);
  return read(db, { id, generation, _id: { $lt: end } }, -1, how);
}

async function read(
  db: Db,
  filter: Filter<ChangeRow>,
  direction: 1 | -1,
  { deadline, session, limit }: RowsRead,
): Promise<Change[]> {
  const rows: unknown[] = await rowsOf(db)
    .find(filter, {
      sort: { _id: direction },
      limit,
      batchSize: limit + 1,
      projection: { _id: 0, generation: 0, turn: 0 },
      session,
      readConcern: { level: "majority" },
      maxTimeMS: deadline.maxTimeMS(),
    })
    .toArray();
  return rows.map((row) => rowSchema.parse(row));
}

const rowSchema = changeSchema.extend({
  at: z.date().transform((at) => at.toISOString()),
});

/** Whether there is a row up to a position. */
export async function hasRows(db: Db, upTo: Position, deadline: Deadline): Promise<boolean> {
  const filter = { _id: { $lt: past(upTo) } };
  const found = await rowsOf(db).findOne(filter, {
    sort: { _id: 1 },
    projection: { _id: 1 },
    maxTimeMS: deadline.maxTimeMS(),
  });
  return found !== null;
}

/** Takes away the oldest rows up to a position, at most `most`. Returns how many. */
export async function removeRows(db: Db, upTo: Position, most: number, deadline: Deadline): Promise<number> {
  const oldest = await rowsOf(db)
    .find(
      { _id: { $lt: past(upTo) } },
      {
        sort: { _id: 1 },
        limit: most,
        batchSize: most + 1,
        projection: { _id: 1 },
        maxTimeMS: deadline.maxTimeMS(),
      },
    )
    .toArray();
  const last = oldest.at(-1);
  if (!last) return 0;
  const { deletedCount } = await rowsOf(db).deleteMany({ _id: { $lte: last._id } });
  return deletedCount;
}
