import type { Order } from "@live-orders/protocol/order";
import { orderSchema } from "@live-orders/protocol/order";
import {
  type ReplicaSetOptions,
  startReplicaSet,
  type TestReplicaSet,
} from "@live-orders/testkit/mongo-replica-set";
import { startTcpProxy, type TcpProxy } from "@live-orders/testkit/tcp-proxy";
import { type Collection, Int32, MongoClient, ObjectId, Timestamp } from "mongodb";
import { z } from "zod";
import type { DirectWriter, LoggedChange, TestedDatabase, UncheckedRow } from "./tested-database.ts";

export interface MongoDatabaseOptions extends ReplicaSetOptions {
  /** Whether the API nodes reach the primary through a cable that can be spoiled. */
  readonly cable?: boolean;
}

interface Row {
  _id: Int32 | number;
  customer_name: string;
  product_name: string;
  status: string;
  updated_at: Date;
}

/** Documents that mark how far the log has been read. */
interface Mark {
  _id: ObjectId;
}

const MARKS = "marks_of_the_log";
const LOG_WAIT_MS = 120_000;

const rowSchema = z
  .object({ _id: z.number(), updated_at: z.date() })
  .loose()
  .transform(({ _id, updated_at, ...rest }) => ({ ...rest, id: _id, updated_at: updated_at.toISOString() }))
  .pipe(orderSchema);
const timeSchema = z.object({ operationTime: z.instanceof(Timestamp) });
const eventSchema = z.discriminatedUnion("operationType", [
  z.object({
    operationType: z.literal("insert"),
    ns: z.object({ coll: z.string() }),
    fullDocument: z.unknown(),
  }),
  z.object({
    operationType: z.enum(["update", "replace"]),
    fullDocument: z.unknown(),
    fullDocumentBeforeChange: z.unknown(),
  }),
  z.object({ operationType: z.literal("delete"), fullDocumentBeforeChange: z.unknown() }),
  z.object({ operationType: z.enum(["drop", "rename", "dropDatabase", "invalidate"]) }),
]);

/** A replica set, and the oplog's own account of it: a change stream that is read afterwards. */
export class MongoDatabase implements TestedDatabase {
  readonly kind = "mongodb";
  readonly set: TestReplicaSet;
  readonly client: MongoClient;
  readonly direct: DirectWriter;
  readonly #proxy: TcpProxy | null;
  readonly #read: LoggedChange[] = [];
  #since: Timestamp | null = null;

  private constructor(set: TestReplicaSet, client: MongoClient, proxy: TcpProxy | null) {
    this.set = set;
    this.client = client;
    this.#proxy = proxy;
    this.direct = directWriter(this.rows);
  }

  static async start({ cable = false, ...options }: MongoDatabaseOptions = {}): Promise<MongoDatabase> {
    const set = await startReplicaSet(options);
    const client = new MongoClient(set.uri, {
      writeConcern: { w: "majority" },
      retryWrites: true,
      serverSelectionTimeoutMS: 5000,
      heartbeatFrequencyMS: 500,
      connectTimeoutMS: 2000,
    });
    await client.connect();
    return new MongoDatabase(set, client, cable ? await cableTo(set) : null);
  }

  get url(): string {
    return this.#proxy === null
      ? this.set.uri
      : `mongodb://127.0.0.1:${this.#proxy.port}/?directConnection=true`;
  }

  get rows(): Collection<Row> {
    return this.client.db("live_orders").collection<Row>("orders");
  }

  get cable(): TcpProxy {
    if (this.#proxy === null) throw new Error("This database was started without a cable");
    return this.#proxy;
  }

  async orders(): Promise<ReadonlyMap<number, Order>> {
    const found = await this.rows.find({}, { readConcern: { level: "majority" } }).toArray();
    return new Map(found.flatMap((row) => orderOf(row) ?? []).map((order) => [order.id, order]));
  }

  /** Also passes over what has been committed since the log was read last, as when the oplog is made to forget it. */
  async beginLog(): Promise<void> {
    const said: unknown = await this.client.db("admin").command({ ping: 1 });
    const { high, low } = timeSchema.parse(said).operationTime;
    // The next one: what was committed at this time stands in the table already.
    this.#since = new Timestamp({ t: high >>> 0, i: (low >>> 0) + 1 });
  }

  async log(): Promise<readonly LoggedChange[]> {
    if (this.#since === null) throw new Error("The log was not begun");
    const db = this.client.db("live_orders");
    const stream = db.watch([{ $match: { "ns.coll": { $in: ["orders", MARKS] } } }], {
      startAtOperationTime: this.#since,
      fullDocument: "whenAvailable",
      fullDocumentBeforeChange: "whenAvailable",
    });
    try {
      const mark = new ObjectId();
      await db.collection<Mark>(MARKS).insertOne({ _id: mark });
      // One by one: as arguments of one call, 140,000 of them are more than a stack holds.
      for (const change of await readUntil(() => stream.tryNext(), mark)) this.#read.push(change);
    } finally {
      await stream.close();
    }
    // What the mark's own time has is read.
    await this.beginLog();
    return this.#read;
  }

  async dispose(): Promise<void> {
    await this.client.close();
    await this.#proxy?.close();
    await this.set.dispose();
  }
}

async function cableTo(set: TestReplicaSet): Promise<TcpProxy> {
  const [, port = ""] = (set.hosts[await set.primary()] ?? "").split(":");
  return startTcpProxy({ port: Number(port) });
}

/** Null for a row that breaks the contract's table. */
const orderOf = (row: unknown): Order | null => rowSchema.safeParse(row).data ?? null;

function directWriter(rows: Collection<Row>): DirectWriter {
  return {
    insert: async (orders) => {
      await rows.insertMany(orders.map(rowOf));
    },
    update: async (id, { updated_at, ...fields }) => {
      const at = updated_at === undefined ? {} : { updated_at: new Date(updated_at) };
      const { matchedCount } = await rows.updateOne({ _id: new Int32(id) }, { $set: { ...fields, ...at } });
      return matchedCount === 1;
    },
    updateAll: async (fields) => {
      await rows.updateMany({}, { $set: { ...fields, updated_at: new Date() } });
    },
    remove: async (id) => {
      return (await rows.deleteOne({ _id: new Int32(id) })).deletedCount === 1;
    },
    insertUnchecked: async (unchecked) => {
      await rows.insertMany(unchecked.map(rowOf), { bypassDocumentValidation: true });
    },
  };
}

const rowOf = ({ id, updated_at, ...fields }: UncheckedRow): Row => ({
  _id: new Int32(id),
  ...fields,
  updated_at: new Date(updated_at),
});

async function readUntil(next: () => Promise<unknown>, mark: ObjectId): Promise<LoggedChange[]> {
  const changes: LoggedChange[] = [];
  const end = performance.now() + LOG_WAIT_MS;
  while (performance.now() < end) {
    const said = await next();
    if (said === null) continue;
    const event = eventSchema.parse(said);
    if (event.operationType === "insert" && event.ns.coll === MARKS) {
      if (mark.equals(z.object({ _id: z.instanceof(ObjectId) }).parse(event.fullDocument)._id))
        return changes;
    } else changes.push(...changesOf(event));
  }
  throw new Error(`The log was not read to its end within ${LOG_WAIT_MS / 1000} s`);
}

/** A change whose images all break the contract's table is none. */
function changesOf(event: z.infer<typeof eventSchema>): LoggedChange[] {
  switch (event.operationType) {
    case "insert":
      return changeOf("insert", null, orderOf(event.fullDocument));
    case "update":
    case "replace":
      return changeOf("update", orderOf(event.fullDocumentBeforeChange), orderOf(event.fullDocument));
    case "delete":
      return changeOf("delete", orderOf(event.fullDocumentBeforeChange), null);
    default:
      return [];
  }
}

function changeOf(op: LoggedChange["op"], before: Order | null, after: Order | null): LoggedChange[] {
  const id = after?.id ?? before?.id;
  return id === undefined ? [] : [{ op, id, before, after }];
}
