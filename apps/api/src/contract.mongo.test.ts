import { useMongo } from "@live-orders/testkit/use-mongo";
import type { Collection, Document } from "mongodb";
import { contractSuite, type DirectProgram } from "../test/contract-suite.ts";

const mongo = useMongo();

contractSuite({
  kind: "mongodb",
  url: () => mongo.uri,
  connect: () => {
    const orders: Collection<Document & { _id: number }> = mongo.client
      .db("live_orders")
      .collection("orders");
    const program: DirectProgram = {
      rename: async (_id, customer_name) =>
        void (await orders.updateOne({ _id }, { $set: { customer_name } })),
      insertBroken: async (_id) => {
        const row = { _id, customer_name: "Ada", product_name: "bad\u0007", status: "pending" };
        await orders.insertOne({ ...row, updated_at: new Date() }, { bypassDocumentValidation: true });
      },
      end: () => Promise.resolve(),
    };
    return Promise.resolve(program);
  },
});
