import { MAX_ID, MAX_NAME_LENGTH } from "@live-orders/protocol/order";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import type { SortField } from "@live-orders/protocol/order-query";
import type { Document } from "mongodb";
import { type Connection, type Model, Schema } from "mongoose";

/** A row of the collection `orders`; `_id` is a BSON 32-bit int. Other programs may add fields of their own. */
export interface OrderDocument {
  _id: number;
  customer_name: string;
  product_name: string;
  status: Status;
  updated_at: Date;
}

export type OrderModel = Model<OrderDocument>;

export const ORDERS = "orders";

/** What an `updated_at` may be: RFC 3339 tells the years 1 to 9999 only. */
export const FIRST_DATE = new Date(-62_135_596_800_000);
export const LAST_DATE = new Date("9999-12-31T23:59:59.999Z");

const name = { type: String, required: true, minlength: 1 };

/**
 * `autoCreate` would make the collection before its images are on, and they would be lost without a word; the set-up
 * makes it, and the indexes too.
 */
const orderSchema = new Schema<OrderDocument>(
  {
    _id: { type: Number, min: 1, max: MAX_ID, required: true },
    customer_name: name,
    product_name: name,
    status: { type: String, enum: STATUSES, required: true },
    updated_at: { type: Date, required: true },
  },
  { collection: ORDERS, versionKey: false, autoCreate: false, autoIndex: false, strict: "throw" },
);

export const orderModelOf = (connection: Connection): OrderModel =>
  connection.model<OrderDocument>("Order", orderSchema);

/** No control character (category Cc), 1 to 200 code points; text that is not UTF-8 does not match either. */
const NAME_PATTERN = `^[^\\x00-\\x1f\\x7f-\\x9f]{1,${MAX_NAME_LENGTH}}+\\z`;

/** What the database refuses to break. Extra fields are let in: other Mongoose programs add `__v`. */
export const ORDER_VALIDATOR = {
  $jsonSchema: {
    bsonType: "object",
    required: ["_id", "customer_name", "product_name", "status", "updated_at"],
    properties: {
      _id: { bsonType: "int", minimum: 1, maximum: MAX_ID },
      customer_name: { bsonType: "string", pattern: NAME_PATTERN },
      product_name: { bsonType: "string", pattern: NAME_PATTERN },
      status: { enum: [...STATUSES] },
      updated_at: { bsonType: "date" },
    },
  },
  // $jsonSchema has no bounds for dates.
  updated_at: { $gte: FIRST_DATE, $lte: LAST_DATE },
};

const NO_ARRAY = { $not: { $type: "array" } } as const;
const ID = { $type: "int", $gte: 1 } as const;
const NAME = { $regex: NAME_PATTERN } as const;
const DATE = { $gte: FIRST_DATE, $lte: LAST_DATE } as const;

/**
 * Filters, by sort field, for rows whose place in that sort can be told: rows that got in with validation off may lack
 * one. What else is wrong with a row is seen when it is read.
 */
export const PLACEABLE: Readonly<Record<SortField, Document>> = {
  id: { _id: ID },
  customer_name: { _id: ID, customer_name: { ...NAME, ...NO_ARRAY } },
  product_name: { _id: ID, product_name: { ...NAME, ...NO_ARRAY } },
  status: { _id: ID, status: { $in: [...STATUSES], ...NO_ARRAY } },
  updated_at: { _id: ID, updated_at: { ...DATE, ...NO_ARRAY } },
};

/** A filter for the rows that break the table, but for those whose status is none: those are not counted as any. */
export const BROKEN = {
  $nor: [
    {
      $and: (["customer_name", "product_name", "status", "updated_at"] as const).map(
        (field) => PLACEABLE[field],
      ),
    },
  ],
  status: { $in: [...STATUSES] },
};

/**
 * A filter for the rows that do not break the table, but for their status and for arrays of sound values. In operators
 * that take half of `$jsonSchema`'s time (of 100,000 rows: 75 ms on top of 50 for the counting itself).
 */
export const WELL_FORMED = { _id: ID, customer_name: NAME, product_name: NAME, updated_at: DATE } as const;
