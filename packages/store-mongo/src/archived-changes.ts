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
}

const rowsOf = (db: Db): Collection<ChangeRow> => db.collection<ChangeRow>(ORDER_CHANGES);

/** After every row at or before the position: `~` sorts after all that positions and generations are made of. */
const past = (position: Position): string => `${position}~~`;

/** Makes the index for the history of one order; changes nothing where it is. */
export async function setUpRows(db: Db): Promise<void> {
  await rowsOf(db).createIndex({ id: 1, generation: 1, _id: 1 });
}

/** Adds what is not there yet. A row that is there is this change: its place is the database's own. */
export async function addRows(db: Db, generation: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map((change) => ({
    ...change,
    _id: `${change.position}~${generation}`,
    generation,
    at: new Date(change.at),
  }));
  const writeConcern = { w: "majority", journal: true, wtimeoutMS: 4000 } as const;
  try {
    await rowsOf(db).insertMany(rows, { ordered: false, writeConcern });
  } catch (error) {
    if (!isDuplicatesOnly(error)) throw error;
  }
}

function isDuplicatesOnly(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError) || error.err !== undefined) return false;
  return [error.writeErrors].flat().every(({ code }) => code === CODE.duplicateKey);
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
      projection: { _id: 0, generation: 0 },
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
