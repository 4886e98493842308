import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { Binary, type Db, type Document, type IndexDescription } from "mongodb";
import { z } from "zod";
import { ID_COUNTERS, IDEMPOTENCY_KEYS } from "./collection-names.ts";
import { CODE, codeOf } from "./server-error.ts";
import { ORDERS, ORDER_VALIDATOR } from "./order-model.ts";

/** `orders` is there, but it is a view, a time series, or capped. */
export class UnfitCollectionError extends Error {
  override readonly name = "UnfitCollectionError";
}

/** In seconds: how long the answer to an `Idempotency-Key` is kept. */
const KEY_LIFE = 24 * 60 * 60;

/** How long the set-up waits for the indexes, in ms. */
const INDEXES_WITHIN_MS = 2500;

const IMAGES_ON = { enabled: true };

/** One for each sort, and one for each sort within a status; `_id` breaks the ties. */
const ORDER_INDEXES: IndexDescription[] = [
  { key: { customer_name: 1, _id: 1 } },
  { key: { product_name: 1, _id: 1 } },
  { key: { status: 1, _id: 1 } },
  { key: { updated_at: 1, _id: 1 } },
  { key: { status: 1, customer_name: 1, _id: 1 } },
  { key: { status: 1, product_name: 1, _id: 1 } },
  { key: { status: 1, updated_at: 1, _id: 1 } },
];

const KEY_INDEXES: IndexDescription[] = [{ key: { at: 1 }, expireAfterSeconds: KEY_LIFE }];

const listingSchema = z.object({
  type: z.string(),
  options: z.record(z.string(), z.unknown()),
  info: z.object({ uuid: z.instanceof(Binary).optional() }),
});
type Listing = z.infer<typeof listingSchema>;

async function listed(db: Db, name: string): Promise<Listing | null> {
  const [found] = await db.listCollections({ name }, { nameOnly: false }).toArray();
  return found === undefined ? null : listingSchema.parse(found);
}

const generationIn = (listing: Listing | null): string | null =>
  listing?.info.uuid?.toUUID().toHexString() ?? null;

/** Which collection bears the name `orders` now: its UUID, or null if none does. */
export async function readGeneration(db: Db): Promise<string | null> {
  return generationIn(await listed(db, ORDERS));
}

/**
 * Makes and mends what the store needs: `orders` with its validator, images and indexes, and the collections beside
 * it. Changes nothing that is right already, so that several nodes may run it at once and at any time.
 *
 * @returns the generation of `orders`
 * @throws UnfitCollectionError
 */
export async function setUpCollections(db: Db): Promise<string> {
  await createOrders(db);
  const generation = await mendOrders(db);
  await createOrderIndexes(db);
  await db.collection(IDEMPOTENCY_KEYS).createIndexes(KEY_INDEXES);
  await setUpCounter(db);
  return generation;
}

/**
 * On a large collection that another program made this takes longer than a start may: the database goes on by itself,
 * and pages fail as unavailable until it is done.
 */
async function createOrderIndexes(db: Db): Promise<void> {
  const missing = await missingIndexes(db);
  if (missing.length === 0) return;
  const build = db.collection(ORDERS).createIndexes(missing);
  const waited = new AbortController();
  const patience = delay(INDEXES_WITHIN_MS, undefined, { signal: waited.signal }).catch(() => undefined);
  try {
    await Promise.race([build, patience]);
  } finally {
    waited.abort();
    // The next set-up asks again.
    build.catch(() => undefined);
  }
}

const indexSchema = z.object({ key: z.record(z.string(), z.unknown()) });

/** One of the same key will do, whatever its name: asking for it again would be refused. */
async function missingIndexes(db: Db): Promise<IndexDescription[]> {
  const standing: unknown[] = await db.collection(ORDERS).listIndexes().toArray();
  const keys = new Set(standing.map((index) => JSON.stringify(indexSchema.parse(index).key)));
  return ORDER_INDEXES.filter(({ key }) => !keys.has(JSON.stringify(key)));
}

async function createOrders(db: Db): Promise<void> {
  if ((await listed(db, ORDERS)) !== null) return;
  try {
    await db.createCollection(ORDERS, {
      validator: ORDER_VALIDATOR,
      changeStreamPreAndPostImages: IMAGES_ON,
    });
  } catch (error) {
    // Another node was quicker.
    if (codeOf(error) !== CODE.namespaceExists) throw error;
  }
}

async function mendOrders(db: Db): Promise<string> {
  const standing = await listed(db, ORDERS);
  const generation = generationIn(standing);
  if (standing === null || generation === null) {
    if (standing !== null) throw unfit(standing);
    throw new Error(`The collection ${ORDERS} was dropped while it was set up`);
  }
  if (standing.type !== "collection" || standing.options["capped"] === true) throw unfit(standing);
  if (!isMended(standing.options)) await db.command(mending());
  return generation;
}

const unfit = ({ type }: Listing): UnfitCollectionError =>
  new UnfitCollectionError(
    `${ORDERS} is a ${type === "collection" ? "capped collection" : type}; move it out of the way, ` +
      "an ordinary collection is needed",
  );

function isMended(options: Document): boolean {
  const { validator, validationLevel = "strict", validationAction = "error" } = options;
  return (
    isDeepStrictEqual(validator, ORDER_VALIDATOR) &&
    isDeepStrictEqual(options["changeStreamPreAndPostImages"], IMAGES_ON) &&
    validationLevel === "strict" &&
    validationAction === "error"
  );
}

const mending = (): Document => ({
  collMod: ORDERS,
  validator: ORDER_VALIDATOR,
  validationLevel: "strict",
  validationAction: "error",
  changeStreamPreAndPostImages: IMAGES_ON,
});

/** The counter's document must be there: a transaction reads the clock beside it. */
async function setUpCounter(db: Db): Promise<void> {
  try {
    await db
      .collection<{ _id: string; last: number }>(ID_COUNTERS)
      .updateOne({ _id: ORDERS }, { $setOnInsert: { last: 0 } }, { upsert: true });
  } catch (error) {
    // Two upserts at once: one of them inserts.
    if (codeOf(error) !== CODE.duplicateKey) throw error;
  }
}
