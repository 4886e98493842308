import type { Change } from "@live-orders/protocol/change";
import type { Order, OrderFields } from "@live-orders/protocol/order";
import { describe, expect, it } from "vitest";
import { readStory, type StoryEntry } from "./story-entries.ts";

const orderWith = (fields: Partial<OrderFields>): Order => ({
  id: 7,
  customer_name: "Ada",
  product_name: "Lamp",
  status: "pending",
  ...fields,
  updated_at: "2024-01-01T00:00:00.000Z",
});

/** One change a step, `second` seconds into an hour; null: the order is not there, or has no image. */
function changesOf(
  ...steps: readonly [
    Change["op"],
    second: number,
    Partial<OrderFields> | null,
    Partial<OrderFields> | null,
  ][]
): Change[] {
  return steps
    .map(([op, second, before, after], index): Change => ({
      position: `p${String(index).padStart(4, "0")}`,
      op,
      id: 7,
      before: before && orderWith(before),
      after: after && orderWith(after),
      at: new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString(),
    }))
    .reverse();
}

const deedsOf = (entries: readonly StoryEntry[]) => entries.map(({ deed }) => deed);

describe("the story of an order", () => {
  it("tells what differs, the newest first", () => {
    const changes = changesOf(
      ["insert", 0, null, {}],
      ["update", 1, {}, { customer_name: "Bo", status: "shipped" }],
      ["update", 2, { customer_name: "Bo", status: "shipped" }, { customer_name: "Bo", status: "shipped" }],
      ["delete", 3, { customer_name: "Bo", status: "shipped" }, null],
    );
    const { entries } = readStory(changes);
    expect(deedsOf(entries)).toEqual([
      { kind: "deleted" },
      { kind: "touched" },
      {
        kind: "edited",
        names: [{ field: "customer_name", from: "Ada", to: "Bo" }],
        move: { from: "pending", to: "shipped" },
      },
      { kind: "created" },
    ]);
    expect(entries[0]?.then).toEqual(orderWith({ customer_name: "Bo", status: "shipped" }));
  });

  it("tells how long it stood in each status, going back to one included", () => {
    const changes = changesOf(
      ["insert", 0, null, {}],
      ["update", 10, {}, { status: "shipped" }],
      ["update", 12, { status: "shipped" }, {}],
      ["update", 15, {}, { product_name: "Oak lamp" }],
      ["update", 20, { product_name: "Oak lamp" }, { product_name: "Oak lamp", status: "shipped" }],
    );
    const { entries, totals } = readStory(changes);
    expect(entries.map(({ stay }) => stay)).toEqual([
      { status: "pending", ms: 8000 },
      null,
      { status: "shipped", ms: 2000 },
      { status: "pending", ms: 10_000 },
      null,
    ]);
    expect(totals).toEqual([
      { status: "pending", ms: 18_000, since: null, whole: true },
      { status: "shipped", ms: 2000, since: Date.UTC(2024, 0, 1, 0, 0, 20), whole: true },
    ]);
  });

  it("does not say since when, where the history begins later than the order", () => {
    const { entries, totals } = readStory(
      changesOf(["update", 5, {}, { product_name: "Oak lamp" }], ["update", 9, {}, { status: "shipped" }]),
    );
    expect(entries.map(({ stay }) => stay)).toEqual([null, null]);
    expect(totals).toEqual([
      { status: "pending", ms: 0, since: null, whole: false },
      { status: "shipped", ms: 0, since: Date.UTC(2024, 0, 1, 0, 0, 9), whole: true },
    ]);
  });

  it("does not count the time before it was deleted and made anew under its id", () => {
    const { totals } = readStory(
      changesOf(
        ["insert", 0, null, {}],
        ["delete", 5, {}, null],
        ["insert", 9, null, { status: "delivered" }],
      ),
    );
    expect(totals).toEqual([
      { status: "delivered", ms: 0, since: Date.UTC(2024, 0, 1, 0, 0, 9), whole: true },
    ]);
  });

  it("says that it does not know, where an image is missing", () => {
    const { entries, totals } = readStory(
      changesOf(
        ["insert", 0, null, {}],
        ["update", 5, {}, null],
        ["update", 9, { status: "shipped" }, { status: "delivered" }],
      ),
    );
    expect(deedsOf(entries)[1]).toEqual({ kind: "unseen" });
    expect(entries[0]?.stay).toBeNull();
    expect(totals.map(({ status, whole }) => [status, whole])).toEqual([
      ["pending", false],
      ["shipped", false],
      ["delivered", true],
    ]);
  });
});
