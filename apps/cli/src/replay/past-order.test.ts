import { describe, expect, it } from "vitest";
import { readDate } from "../import/row-date.ts";
import { readPastOrder, type PastRules } from "./past-order.ts";
import { timelineOf } from "./timeline.ts";

const DAY = 86_400_000;
const rules: PastRules = {
  row: {
    columns: new Map([
      ["customer_name", "who"],
      ["product_name", "what"],
    ]),
    status: { kind: "fixed", status: "pending" },
    readDate,
    now: 0,
    formulasEscaped: false,
  },
  orderedColumn: "ordered",
  shippedColumn: "shipped",
  delivery: { least: DAY, most: 3 * DAY },
};

function read(ordered: string, shipped: string, line = 2) {
  const values = new Map(Object.entries({ who: "a", what: "b", ordered, shipped }));
  return readPastOrder({ kind: "row", line, text: "", values }, rules);
}
function past(ordered: string, shipped: string, line = 2) {
  const reading = read(ordered, shipped, line);
  if (reading.kind === "bad") throw new Error(reading.reason);
  return reading.order;
}

describe("an order of the past", () => {
  it("happens at its times, and is delivered after the time asked for", () => {
    const order = past("2020-01-01T10:00", "2020-01-03T12:00");
    expect(order.ordered).toBe(Date.parse("2020-01-01T10:00Z"));
    expect(order.shipped).toBe(Date.parse("2020-01-03T12:00Z"));
    expect((order.delivered ?? 0) - (order.shipped ?? 0)).toBeGreaterThanOrEqual(DAY);
    expect((order.delivered ?? 0) - (order.shipped ?? 0)).toBeLessThanOrEqual(3 * DAY);
  });

  it("gets an hour of its day where the file tells none, the same on every run, another for another line", () => {
    const order = past("1/1/2020", "1/1/2020");
    expect(order.ordered).toBeGreaterThanOrEqual(Date.parse("2020-01-01"));
    expect(order.ordered).toBeLessThan(Date.parse("2020-01-02"));
    expect(past("1/1/2020", "1/1/2020")).toEqual(order);
    expect(past("1/1/2020", "1/1/2020", 3).ordered).not.toBe(order.ordered);
  });

  it("never ships before it was ordered", () => {
    for (let line = 1; line < 50; line += 1) {
      const order = past("1/2/2020", "1/1/2020", line);
      expect(order.shipped).toBeGreaterThan(order.ordered);
    }
  });

  it("without a ship date stays pending", () => {
    expect(past("1/1/2020", "")).toMatchObject({ shipped: null, delivered: null });
  });

  it("needs the date on which it was ordered, and dates that are some", () => {
    expect(read("", "1/1/2020")).toMatchObject({ kind: "bad" });
    expect(read("1/1/2020", "soon")).toMatchObject({ kind: "bad" });
  });
});

it("a timeline tells everything in the order of time", () => {
  const orders = [past("2020-01-05T00:01", ""), past("2020-01-01T00:01", "2020-01-02T00:01")];
  const events = timelineOf(orders);
  expect(events.map(({ step }) => step)).toEqual(
    events[2]?.step === "delivered"
      ? ["ordered", "shipped", "delivered", "ordered"]
      : ["ordered", "shipped", "ordered", "delivered"],
  );
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
});
