import type { Counts } from "@live-orders/protocol/http-orders";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { Order } from "@live-orders/protocol/order";
import type {
  ExportQuery,
  OrderStore,
  PageAnswer,
  PageQuery,
  WriteAnswer,
  WriteRequest,
} from "@live-orders/store/order-store";
import type { BrokenRows } from "./broken-rows.ts";
import { HEALTH } from "./collection-names.ts";
import { answerInTime } from "./deadline.ts";
import { completeAt, positionOf } from "./mongo-position.ts";
import { readCounts } from "./order-counts.ts";
import { imageExpression, orderOrNull } from "./order-image.ts";
import type { OrderModel } from "./order-model.ts";
import { exportOrders } from "./order-export.ts";
import { readPage } from "./order-pages.ts";
import type { OrderWriter } from "./order-writes.ts";
import type { OrdersHome } from "./orders-home.ts";
import { CODE, codeOf } from "./server-error.ts";

const WRITABLE_WITHIN_MS = 2000;

/** The rows, on MongoDB. */
export class MongoOrderStore implements OrderStore {
  readonly #home: OrdersHome;
  readonly #model: OrderModel;
  readonly #writer: OrderWriter;
  readonly #broken: BrokenRows;

  constructor(home: OrdersHome, model: OrderModel, writer: OrderWriter, broken: BrokenRows) {
    this.#home = home;
    this.#model = model;
    this.#writer = writer;
    this.#broken = broken;
  }

  page(query: PageQuery): Promise<PageAnswer> {
    return answerInTime((deadline) => readPage(this.#home, this.#model, query, deadline));
  }

  export(query: ExportQuery, take: (orders: readonly Order[]) => Promise<void>): Promise<void> {
    return exportOrders(this.#home, query, take);
  }

  counts(q: string): Promise<Counts> {
    return answerInTime((deadline) => readCounts(this.#home, this.#broken, q, deadline));
  }

  get(id: number) {
    return answerInTime(async (deadline) => {
      const { value, time } = await this.#home.snapshot(deadline, (session) =>
        this.#model
          .aggregate<unknown>([{ $match: { _id: id } }, { $replaceWith: imageExpression("$$ROOT") }])
          .option({ session, maxTimeMS: deadline.maxTimeMS() })
          .exec(),
      );
      return { order: orderOrNull(value[0]), position: positionOf(completeAt(time)) };
    });
  }

  write(request: WriteRequest): Promise<WriteAnswer> {
    return answerInTime((deadline) => this.#writer.write(request, deadline));
  }

  now(): Promise<CursorParts> {
    return answerInTime((deadline) => this.#home.now(deadline));
  }

  async checkWritable(): Promise<void> {
    await answerInTime(() => this.#touchHealth(), WRITABLE_WITHIN_MS + 500);
  }

  async #touchHealth(): Promise<void> {
    const writeConcern = { w: "majority", wtimeoutMS: WRITABLE_WITHIN_MS } as const;
    const health = this.#home.db.collection<{ _id: string }>(HEALTH);
    try {
      await health.updateOne(
        { _id: "writable" },
        { $currentDate: { at: true } },
        { upsert: true, writeConcern },
      );
    } catch (error) {
      // Two upserts at once: the other one has shown it.
      if (codeOf(error) !== CODE.duplicateKey) throw error;
    }
  }
}
