import type { Change } from "@live-orders/protocol/change";
import { expect, it } from "vitest";
import { orderAt } from "../live/fake-live.ts";
import { fieldChangedAt } from "./field-changed-at.ts";

const change = (second: number, before: Change["before"], after: Change["after"]): Change => ({
  position: `p${second}`,
  op: before === null ? "insert" : "update",
  id: 1,
  before,
  after,
  at: new Date(second * 1000).toISOString(),
});
const created = orderAt(1, 1);
const renamed = orderAt(1, 2, { customer_name: "Ada" });
const shipped = orderAt(1, 3, { customer_name: "Ada", status: "shipped" });
const changes = [change(30, renamed, shipped), change(20, created, renamed), change(10, null, created)];

it("is the time of the newest change that touched the field, whatever happened to others since", () => {
  expect(fieldChangedAt(changes, "customer_name")).toBe(20_000);
  expect(fieldChangedAt(changes, "status")).toBe(30_000);
  expect(fieldChangedAt(changes, "product_name")).toBe(10_000);
});

it("is not known past a change whose image is missing, nor where the history does not reach", () => {
  expect(fieldChangedAt([change(40, shipped, null), ...changes], "customer_name")).toBeNull();
  expect(fieldChangedAt(changes.slice(0, 1), "product_name")).toBeNull();
  expect(fieldChangedAt([], "status")).toBeNull();
});
