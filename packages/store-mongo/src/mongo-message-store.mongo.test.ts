import type { MessageStore } from "@live-orders/store/message-store";
import { describeMessageContract, messageSample } from "@live-orders/testkit/message-contract";
import { useMongo } from "@live-orders/testkit/use-mongo";
import { expect, it } from "vitest";
import { LogBook } from "../test/mongo-stores.ts";
import { openMongoMessages } from "./mongo-message-store.ts";

const mongo = useMongo();

async function openMessages(): Promise<MessageStore> {
  const { uri, database } = mongo;
  const outcome = await openMongoMessages({ uri, database, logger: new LogBook() });
  if (outcome.kind === "refused") throw new Error(outcome.reason);
  return outcome.messages;
}

describeMessageContract("MongoDB", () => {
  const open: MessageStore[] = [];
  return Promise.resolve({
    open: async () => {
      const messages = await openMessages();
      open.push(messages);
      return messages;
    },
    dispose: async () => {
      await Promise.all(open.map((messages) => messages.close()));
    },
  });
});

it("makes its collection anew when another program has dropped it", async () => {
  const messages = await openMessages();
  const [first] = await messages.add([messageSample(1)]);
  await mongo.client.db(mongo.database).collection("agent_messages").drop();
  const [second] = await messages.add([messageSample(1)]);
  expect(second?.version).toBeGreaterThan(first?.version ?? Number.POSITIVE_INFINITY);
  await messages.close();
});

it("refuses a database that is out of reach, with a line that says so", async () => {
  const uri = "mongodb://127.0.0.1:9/?replicaSet=none";
  const outcome = await openMongoMessages({ uri, logger: new LogBook() });
  expect(outcome).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("can't be reached") as string,
  });
});
