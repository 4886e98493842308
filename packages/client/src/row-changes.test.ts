import { expect, it } from "vitest";
import { OrderHistory } from "./fake/order-history.ts";
import type { RowChange } from "./live-orders.ts";
import { RowChangeLog } from "./row-changes.ts";

it("C-LIVE-7: of a row that changed and was let go at once it is told that it was let go, and nowhere to", () => {
  const history = new OrderHistory();
  const { after: before } = history.insert();
  const change = history.update(1, { status: "shipped" });
  const told = { id: 1, marked: false, replaces: null };
  const log = new RowChangeLog();
  log.add({ ...told, before, after: change.after, by: "others", change });
  log.add({ ...told, before: change.after, after: null, by: "bound", change: null });
  const left: RowChange = { ...told, before, after: null, by: "bound", change: null };
  expect(log.take()).toEqual({ all: false, changes: [left] });
});
