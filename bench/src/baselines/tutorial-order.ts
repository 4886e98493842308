import mongoose from "mongoose";
import { databaseUri } from "./listening.ts";

interface OrderRow {
  readonly status: string;
}

interface ChangeEvent {
  readonly operationType: string;
  /** Null: it was deleted before it was looked up. */
  readonly fullDocument?: OrderRow | null;
}

const schema = new mongoose.Schema(
  { _id: Number, customer_name: String, product_name: String, status: String, updated_at: Date },
  { collection: "orders", autoCreate: false, autoIndex: false },
);

export const Order = mongoose.model("Order", schema);

export const connectOrders = (): Promise<unknown> =>
  mongoose.connect(databaseUri(), { dbName: "live_orders" });

/** As the tutorials do: each change event, with the order as a look-up finds it then. */
export function onChange(take: (event: ChangeEvent) => void): void {
  Order.watch<OrderRow>([], { fullDocument: "updateLookup" }).on("change", take);
}
