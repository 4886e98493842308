import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { coloursFor } from "../terminal/colour.ts";
import { watchFrame, type WatchPicture } from "./watch-frame.ts";

const plain = coloursFor(process.stdout, { NO_COLOR: "1" });
const now = Date.parse("2020-01-01T00:10:00Z");
const order = (id: number, product = "Chair"): Order => ({
  id,
  customer_name: "Claire Gute",
  product_name: product,
  status: "shipped",
  updated_at: "2020-01-01T00:05:00.000Z",
});
const picture: WatchPicture = {
  orders: [order(1), order(2)],
  statuses: STATUSES,
  counts: { pending: 412, shipped: 1240, delivered: 8342, total: 9994, position: "1" },
  connection: { kind: "live", lag: 12.4 },
  changed: new Set([2]),
  now,
  columns: 100,
  rows: 20,
};

describe("the live table", () => {
  it("shows the connection, the counts, and the orders with a mark at those that changed", () => {
    const lines = watchFrame(picture, plain);
    expect(lines[0]).toMatch(/^Live Orders .*● Live · 12 ms$/);
    expect(lines[1]).toBe("All 9,994   ◔ pending 412   ➜ shipped 1,240   ✓ delivered 8,342");
    expect(lines[4]).toMatch(/^ {2} +1 {2}Claire Gute +Chair +➜ shipped +5 min$/);
    expect(lines[5]).toMatch(/^› +2 /);
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toContain("q quit");
  });

  it("counts down to the next try", () => {
    const connection = {
      kind: "reconnecting",
      attempt: 1,
      dueAt: now + 2100,
      cause: "",
      resync: null,
    } as const;
    expect(watchFrame({ ...picture, connection }, plain)[0]).toContain("trying again in 3 s");
  });

  it.each([
    [100, 20],
    [80, 24],
    [60, 8],
    [40, 6],
  ])("fits a terminal of %d by %d, wide characters and all", (columns, rows) => {
    const orders = Array.from({ length: 50 }, (_, id) => order(id + 1, "椅子の商品".repeat(20)));
    const lines = watchFrame({ ...picture, orders, columns, rows }, plain);
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });
});
