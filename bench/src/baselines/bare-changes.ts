import type { Status } from "@live-orders/protocol/status";
import { type ChangeStreamDocument, type Document, MongoClient } from "mongodb";
import { databaseUri } from "./listening.ts";

interface OrderRow {
  _id: number;
  customer_name: string;
  product_name: string;
  status: Status;
  updated_at: Date;
}

export interface BareChange {
  readonly op: "insert" | "update" | "delete";
  readonly id: number;
  readonly before: OrderRow | null;
  readonly after: OrderRow | null;
  readonly at: Date | undefined;
}

/** Reads the orders' change stream with both images, by the driver's own means, and never ends. */
export async function readBareChanges(take: (change: BareChange) => void): Promise<never> {
  const client = await new MongoClient(databaseUri()).connect();
  const orders = client.db("live_orders").collection<OrderRow>("orders");
  const images = { fullDocument: "whenAvailable", fullDocumentBeforeChange: "whenAvailable" };
  for await (const event of orders.watch<OrderRow, ChangeStreamDocument<OrderRow>>([], images)) {
    const change = changeOf(event);
    if (change !== null) take(change);
  }
  throw new Error("The change stream ended");
}

function changeOf(event: ChangeStreamDocument<OrderRow>): BareChange | null {
  switch (event.operationType) {
    case "insert":
      return { op: "insert", before: null, after: event.fullDocument, ...placeOf(event) };
    case "update": {
      const { fullDocument = null, fullDocumentBeforeChange = null } = event;
      return { op: "update", before: fullDocumentBeforeChange, after: fullDocument, ...placeOf(event) };
    }
    case "delete":
      return { op: "delete", before: event.fullDocumentBeforeChange ?? null, after: null, ...placeOf(event) };
    default:
      return null;
  }
}

const placeOf = ({ documentKey, wallTime }: { documentKey: Document; wallTime?: Date }) => ({
  id: Number(documentKey["_id"]),
  at: wallTime,
});
