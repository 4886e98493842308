import { expect, it } from "vitest";
import { useMongo } from "./use-mongo.ts";

const mongo = useMongo();
const seen = new Set<string>();

it.each([1, 2])("gives test %i a database of its own on one set", async () => {
  expect(seen).not.toContain(mongo.database);
  seen.add(mongo.database);
  const rows = mongo.client.db(mongo.database).collection("rows");
  expect(await rows.countDocuments()).toBe(0);
  await rows.insertOne({ n: 1 });
});
