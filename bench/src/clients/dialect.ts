import type { Status } from "@live-orders/protocol/status";
import { z } from "zod";
import { keyOfDelete, keyOfState } from "../load/write-record.ts";

/** How a server is spoken to, and how its messages are read. */
export const DIALECTS = ["socket-io", "sse", "tutorial", "frames", "poll"] as const;
export type DialectName = (typeof DIALECTS)[number];

const stateSchema = z.object({ updated_at: z.string() });
const changeSchema = z.object({
  op: z.enum(["insert", "update", "delete"]),
  id: z.int(),
  after: stateSchema.nullable(),
});
type SeenChange = z.infer<typeof changeSchema>;
const batchSchema = z.object({ changes: z.array(changeSchema), cursor: z.string() });

/** What a message told: its changes by their keys, and where to go on from, if the server says so. */
export interface Told {
  readonly keys: readonly number[];
  readonly cursor: string | null;
}

export const NOTHING: Told = { keys: [], cursor: null };

const keyOf = ({ id, after }: SeenChange): number =>
  after === null ? keyOfDelete(id) : keyOfState(after.updated_at);

/** @param json a batch as Live Orders sends it */
export function toldByBatch(json: string): Told {
  const { changes, cursor } = batchSchema.parse(JSON.parse(json));
  return { keys: changes.map(keyOf), cursor };
}

const ackSchema = z.object({ ok: z.literal(true), cursor: z.string(), reset: z.undefined().optional() });

/** @param json the answer to a watch; one that lost what came before its cursor is an error */
export const toldByAck = (json: string): Told => ({
  keys: [],
  cursor: ackSchema.parse(JSON.parse(json)).cursor,
});

/** @param json a change as the server of bare frames sends it */
export const toldByFrame = (json: string): Told => ({
  keys: [keyOf(changeSchema.parse(JSON.parse(json)))],
  cursor: null,
});

const eventSchema = z.object({
  operationType: z.enum(["insert", "update", "replace", "delete"]),
  documentKey: z.object({ _id: z.int() }),
  fullDocument: stateSchema.nullish(),
});

/** @param json a change event of MongoDB as the tutorial's servers pass it on */
export function toldByEvent(json: string): Told {
  const { operationType, documentKey, fullDocument } = eventSchema.parse(JSON.parse(json));
  if (operationType === "delete") return { keys: [keyOfDelete(documentKey._id)], cursor: null };
  // The order was deleted before it was looked up.
  if (fullDocument === null || fullDocument === undefined) return NOTHING;
  return { keys: [keyOfState(fullDocument.updated_at)], cursor: null };
}

const rowsSchema = z.array(stateSchema);

/** @param json a page of orders */
export const toldByRows = (json: string): Told => ({
  keys: rowsSchema.parse(JSON.parse(json)).map(({ updated_at }) => keyOfState(updated_at)),
  cursor: null,
});

/** What a client asks for when it comes. */
export interface Wish {
  readonly statuses: readonly Status[];
  readonly after: string | null;
}
