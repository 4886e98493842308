import { expect, it } from "vitest";
import { startHint } from "./start-hint.ts";

const URL = "http://127.0.0.1:3000";

it("says where the server and its embedded database are, and how to write to it directly", () => {
  const url = "mongodb://127.0.0.1:27027/?replicaSet=live-orders";
  const hint = startHint(URL, { kind: "mongodb", url, embedded: true });
  expect(hint).toContain(`Live Orders is at ${URL} `);
  expect(hint).toContain("mongodb://127.0.0.1:27027/live_orders?replicaSet=live-orders");
  expect(hint).toContain("db.orders.updateOne");
});

it("names no database of others: its URL may hold a password", () => {
  const hint = startHint(URL, { kind: "postgres", url: "postgres://me:secret@db/x", embedded: false });
  expect(hint.trimEnd().split("\n")).toHaveLength(1);
  expect(hint).not.toContain("secret");
});
