import type { Db } from "mongodb";
import { BROKEN, ORDERS } from "./order-model.ts";
import type { StoreLogger } from "./store-logger.ts";

/** More than these are not remembered. */
const MAX_REMEMBERED = 1000;
const LOOK_WITHIN_MS = 5000;
/** A look reads all rows: 0.2 s of the database's time for 100,000. */
const PAUSE_MS = 2000;
const RETRY_PAUSE_MS = 30_000;
const REGULAR_PAUSE_MS = 10 * 60 * 1000;

/**
 * Remembers the rows that break the table, so that counting need not look at every row for them: an index counts
 * 100,000 in 30 ms, with a look at each it takes 150. They got in with validation off, so they are few. Looks for them
 * at the start, when the feed has met one, and every ten minutes; until it has looked they count as not known.
 */
export class BrokenRows {
  readonly #db: Db;
  readonly #logger: StoreLogger;
  #ids: readonly unknown[] | null = null;
  #suspicions = 0;
  #timer: NodeJS.Timeout | null = null;
  /** When it looks next, by `performance.now()`. */
  #due = Infinity;
  #lastLook = -Infinity;
  #closed = false;

  constructor(db: Db, logger: StoreLogger) {
    this.#db = db;
    this.#logger = logger;
  }

  /** The `_id`s of what may be broken; null if that is not known, or too many. */
  get ids(): readonly unknown[] | null {
    return this.#ids;
  }

  /** There may be another one: looks soon, and once for many calls. */
  suspect(): void {
    this.#ids = null;
    this.#suspicions += 1;
    this.#lookAt(Math.max(performance.now(), this.#lastLook + PAUSE_MS));
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Unless it looks sooner anyway. */
  #lookAt(due: number): void {
    if (this.#closed || due >= this.#due) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#look(), due - performance.now()).unref();
  }

  async #look(): Promise<void> {
    // From here on a suspicion asks for another look: this one may miss what came after it began.
    this.#due = Infinity;
    this.#lastLook = performance.now();
    const suspicions = this.#suspicions;
    try {
      const found = await this.#find();
      if (suspicions === this.#suspicions) this.#ids = found;
      this.#lookAt(this.#lastLook + REGULAR_PAUSE_MS);
    } catch (error) {
      this.#logger.warn({ err: error }, "The rows that break the table could not be looked for");
      this.#lookAt(this.#lastLook + RETRY_PAUSE_MS);
    }
  }

  async #find(): Promise<unknown[] | null> {
    const options = { projection: { _id: 1 }, hint: { $natural: 1 }, maxTimeMS: LOOK_WITHIN_MS } as const;
    const orders = this.#db.collection<{ _id: unknown }>(ORDERS);
    const found = await orders
      .find(BROKEN, options)
      .limit(MAX_REMEMBERED + 1)
      .toArray();
    return found.length > MAX_REMEMBERED ? null : found.map(({ _id }) => _id);
  }
}
