import { Timestamp } from "mongodb";
import { describe, expect, it } from "vitest";
import type { ChangeEvent, OrderEvent } from "./change-event.ts";
import { BrokenOrderError, ChangeNumbering } from "./change-numbering.ts";
import { completeAt, positionOf, type Place } from "./mongo-position.ts";

const at = (t: number): Timestamp => new Timestamp({ t, i: 1 });
const row = (_id: number, status = "pending") => ({
  _id,
  customer_name: "a",
  product_name: "b",
  status,
  updated_at: new Date(0),
});
const insert = (t: number, id: number, fields: Partial<OrderEvent> = {}): ChangeEvent => ({
  kind: "order",
  time: at(t),
  op: "insert",
  id,
  before: null,
  after: row(id),
  wallTime: new Date(t * 1000),
  ...fields,
});
const key = (t: number, text: string): ChangeEvent => ({ kind: "key", time: at(t), key: text });

function read(from: Place, events: readonly ChangeEvent[]) {
  const numbering = new ChangeNumbering(from);
  const changes = events.flatMap((event) => {
    const numbered = numbering.next(event);
    return numbered.kind === "change" ? [numbered.change] : [];
  });
  return { changes, place: numbering.place };
}

const transaction = [key(5, "k"), insert(5, 1), insert(5, 2), insert(5, 3), insert(7, 4)];

describe("numbering", () => {
  it("counts the changes of one time from 1", () => {
    const { changes } = read(completeAt(at(4)), transaction);
    const places: Place[] = [1, 2, 3].map((n) => ({ time: at(5), n }));
    expect(changes.map(({ position }) => position)).toEqual(
      [...places, { time: at(7), n: 1 }].map((place) => positionOf(place)),
    );
  });

  it("is the same from whatever place a reader goes on", () => {
    const { changes: all } = read(completeAt(at(4)), transaction);
    for (const n of [0, 1, 2, 3]) {
      expect(read({ time: at(5), n }, transaction).changes).toEqual(all.slice(n));
    }
    expect(read(completeAt(at(5)), transaction).changes).toEqual(all.slice(3));
  });

  it("gives the key of their transaction to inserts alone", () => {
    const update = insert(5, 9, { op: "update", before: row(9), after: row(9, "shipped") });
    const { changes } = read(completeAt(at(4)), [key(5, "k"), insert(5, 1), update, insert(6, 2)]);
    expect(changes.map((change) => change.key)).toEqual(["k", undefined, undefined]);
  });

  it("leaves out what breaks the table in every image, but counts it", () => {
    const broken = insert(5, 1, { after: { ...row(1), customer_name: "" } });
    const odd = insert(5, 1, { id: null });
    const numbering = new ChangeNumbering(completeAt(at(4)));
    expect([broken, odd].map((event) => numbering.next(event).kind)).toEqual(["left-out", "left-out"]);
    const next = numbering.next(insert(5, 3));
    expect(next).toMatchObject({ change: { position: positionOf({ time: at(5), n: 3 }) } });
  });

  it.each([
    ["a broken and a sound one", { ...row(1), status: "lost" }, row(1), { before: null, after: { id: 1 } }],
    ["none, from before images were on", null, null, { before: null, after: null }],
  ])("passes on an update with %s", (_title, before, after, expected) => {
    const { changes } = read(completeAt(at(4)), [insert(5, 1, { op: "update", before, after })]);
    expect(changes).toMatchObject([expected]);
  });

  it("leaves out an update with one broken image and none", () => {
    const event = insert(5, 1, { op: "update", before: null, after: { ...row(1), status: "lost" } });
    expect(read(completeAt(at(4)), [event]).changes).toEqual([]);
  });

  it("raises its place by proof, and refuses what comes before that", () => {
    const numbering = new ChangeNumbering(completeAt(at(4)));
    numbering.complete(completeAt(at(6)));
    numbering.complete(completeAt(at(5)));
    expect(numbering.place).toEqual(completeAt(at(6)));
    expect(() => numbering.next(insert(6, 1))).toThrow(BrokenOrderError);
    expect(numbering.next(insert(7, 1)).kind).toBe("change");
  });

  it("tells of an end of the collection, but not of one before its start", () => {
    const numbering = new ChangeNumbering(completeAt(at(4)));
    expect(numbering.next({ kind: "gone", time: at(4) }).kind).toBe("nothing");
    expect(numbering.next({ kind: "gone", time: at(5) }).kind).toBe("gone");
  });
});
