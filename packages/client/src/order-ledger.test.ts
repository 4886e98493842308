import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import { describe, expect, it } from "vitest";
import { OrderHistory } from "./fake/order-history.ts";
import { OrderLedger, VOID } from "./order-ledger.ts";

const ALL = [...STATUSES];
const byId = (a: Order, b: Order) => a.id - b.id;
const held = (ledger: OrderLedger) => [...ledger.rows()].map(({ order }) => order).sort(byId);

/** A ledger that has begun with the orders of now. */
function begun(history: OrderHistory, statuses: readonly Status[] = ALL): OrderLedger {
  const ledger = new OrderLedger(statuses);
  const ticket = ledger.beginRead();
  ledger.layRead(history.page({ statuses, limit: 1000 }));
  ledger.startAt(history.position);
  ledger.endRead(ticket);
  return ledger;
}

function lay(ledger: OrderLedger, ...changes: Change[]): void {
  for (const change of changes) {
    ledger.layChange(change);
    ledger.reached(change.position);
  }
}

describe("the position rule", () => {
  it("C-POS-1: a page's row does not replace a newer change", () => {
    const history = new OrderHistory();
    history.insert();
    const ledger = begun(history);
    const ticket = ledger.beginRead();
    const old = history.page({ statuses: ALL, limit: 10 });
    lay(ledger, history.update(1, { status: "shipped" }));
    expect(ledger.layRead(old)).toEqual([]);
    ledger.endRead(ticket);
    expect(ledger.get(1)?.status).toBe("shipped");
  });

  it("C-POS-1: a change does not replace a newer answer", () => {
    const history = new OrderHistory();
    history.insert();
    const ledger = begun(history);
    const first = history.update(1, { status: "shipped" });
    const second = history.update(1, { status: "delivered" });
    ledger.layAnswer(1, second.after, second.position);
    lay(ledger, first);
    expect(ledger.get(1)?.status).toBe("delivered");
  });

  it("C-POS-1: the first page of other statuses does not replace an answer that came before it", () => {
    const history = new OrderHistory();
    const former = begun(history, ["shipped"]);
    const created = history.insert({ status: "pending" });
    const ledger = new OrderLedger(["pending"], { seeds: former.rows(), floor: former.horizon });
    const page = history.page({ statuses: ["pending"], limit: 10 });
    const edited = history.update(1, { customer_name: "Ada" });
    ledger.layAnswer(1, created.after, created.position);
    ledger.layAnswer(1, edited.after, edited.position);
    ledger.layRead(page);
    ledger.startAt(page.position);
    expect(ledger.get(1)).toEqual(edited.after);
    lay(ledger, edited);
    expect(held(ledger)).toEqual(history.rowsAt(history.position, ["pending"]));
  });

  it("C-POS-2: a deletion that was answered before the first page of other statuses is not undone by it", () => {
    const history = new OrderHistory();
    history.insert();
    const former = begun(history, ["shipped"]);
    const ledger = new OrderLedger(["pending"], { seeds: former.rows(), floor: former.horizon });
    const page = history.page({ statuses: ["pending"], limit: 10 });
    ledger.layAnswer(1, null, history.remove(1).position);
    ledger.layRead(page);
    ledger.startAt(page.position);
    expect(ledger.size).toBe(0);
  });

  it("C-POS-2: nor does an order rise with other statuses, from an answer older than its deletion's", () => {
    const history = new OrderHistory();
    history.insert();
    const former = begun(history);
    const edited = history.update(1, { status: "shipped" });
    former.layAnswer(1, null, history.remove(1).position);
    const ledger = new OrderLedger(["shipped"], { seeds: former.rows(), floor: former.horizon });
    ledger.layAnswer(1, edited.after, edited.position);
    expect(ledger.size).toBe(0);
  });

  it("C-POS-2: a deleted order does not rise from a page that was asked for before", () => {
    const history = new OrderHistory();
    history.insert();
    const ledger = begun(history);
    const ticket = ledger.beginRead();
    const old = history.page({ statuses: ALL, limit: 10 });
    lay(ledger, history.remove(1), history.insert());
    expect(ledger.tombstones).toBe(1);
    ledger.layRead(old);
    ledger.endRead(ticket);
    expect(ledger.get(1)).toBeUndefined();
    expect(ledger.tombstones).toBe(0);
  });

  it("C-POS-2: nor from an answer that comes late", () => {
    const history = new OrderHistory();
    const ledger = begun(history);
    const created = history.insert();
    lay(ledger, created, history.remove(1), history.insert());
    expect(ledger.layAnswer(1, created.after, created.position)).toBeNull();
    expect(ledger.get(1)).toBeUndefined();
  });

  it("C-POS-3: a tombstone goes when the feed has passed it and no page asked for earlier is under way", () => {
    const history = new OrderHistory();
    for (let count = 0; count < 3; count += 1) history.insert();
    const ledger = begun(history);
    const removal = history.remove(1);
    ledger.layChange(removal);
    expect(ledger.tombstones).toBe(1);
    ledger.reached(removal.position);
    expect(ledger.tombstones).toBe(0);

    const earlier = ledger.beginRead();
    lay(ledger, history.remove(2));
    const later = ledger.beginRead();
    expect(ledger.tombstones).toBe(1);
    ledger.endRead(earlier);
    expect(ledger.tombstones).toBe(0);
    ledger.endRead(later);
  });

  it("C-POS-3: a tombstone laid by an answer stays until the feed has passed it", () => {
    const history = new OrderHistory();
    history.insert();
    const ledger = begun(history);
    const [other, older, removal] = [history.insert(), history.update(1, {}), history.remove(1)];
    ledger.layAnswer(1, null, removal.position);
    lay(ledger, other, older);
    expect(ledger.get(1)).toBeUndefined();
    lay(ledger, removal);
    expect(ledger.tombstones).toBe(0);
  });

  it("C-POS-4: a page that is older than a forgotten tombstone is refused", () => {
    const history = new OrderHistory();
    history.insert();
    const old = history.page({ statuses: ALL, limit: 10 });
    const ledger = begun(history);
    lay(ledger, history.remove(1));
    expect(ledger.layRead(old)).toBeNull();
    expect(ledger.size).toBe(0);
  });

  it("C-POS-4: a page that is older than the first one is refused", () => {
    const history = new OrderHistory();
    history.insert();
    const old = history.page({ statuses: ALL, limit: 10 });
    history.remove(1);
    const ledger = begun(history);
    expect(ledger.layRead(old)).toBeNull();
  });

  it("C-POS-5: an order that leaves the statuses leaves the collection, and may come back", () => {
    const history = new OrderHistory();
    history.insert();
    const ledger = begun(history, ["pending"]);
    lay(ledger, history.update(1, { status: "shipped" }));
    expect(ledger.size).toBe(0);
    lay(ledger, history.update(1, { status: "pending" }));
    expect(ledger.get(1)).toEqual(history.get(1));
  });

  it("C-POS-6: seeds are shown until they are replaced, and go when all pages are in", () => {
    const history = new OrderHistory();
    for (let count = 0; count < 4; count += 1) history.insert();
    const first = begun(history);
    history.remove(1);
    history.update(2, { status: "shipped" });
    history.update(3, { status: "shipped" });
    const ledger = new OrderLedger(["pending"], { seeds: first.rows(), floor: first.horizon });
    expect(ledger.size).toBe(4);
    const page = history.page({ statuses: ["pending"], limit: 1 });
    ledger.layRead(page);
    ledger.startAt(page.position);
    lay(ledger, history.update(3, { status: "pending" }));
    expect(ledger.allRead(page.position).map(({ id }) => id)).toEqual([2, 1]);
    expect(held(ledger)).toEqual(history.rowsAt(history.position, ["pending"]).sort(byId));
  });

  it("C-POS-6: a seed that moved from one page to another between two reads stays until the feed has told of it", () => {
    const history = new OrderHistory();
    for (let count = 0; count < 3; count += 1) history.insert();
    const first = begun(history);
    const ledger = new OrderLedger(ALL, { seeds: first.rows(), floor: first.horizon });
    const page = history.page({ statuses: ALL, limit: 2 });
    ledger.layRead(page);
    ledger.startAt(page.position);
    // The oldest becomes the newest, and the next one is gone: the page behind the first has neither.
    const [moved, removed] = [history.update(1, { status: "shipped" }), history.remove(2)];
    expect(ledger.allRead(history.position)).toEqual([]);
    expect(ledger.get(1)).toBeDefined();
    ledger.layChange(moved);
    expect(ledger.reached(moved.position)).toEqual([]);
    ledger.layChange(removed);
    ledger.reached(removed.position);
    expect(held(ledger)).toEqual(history.rowsAt(history.position, ALL).sort(byId));
  });

  it("C-POS-6: seeds that nothing has told of go when the feed has come as far as the last page", () => {
    const history = new OrderHistory();
    for (let count = 0; count < 3; count += 1) history.insert();
    const first = begun(history);
    const { before } = history.remove(1);
    const ledger = new OrderLedger(ALL, { seeds: first.rows(), floor: first.horizon });
    const page = history.page({ statuses: ALL, limit: 10 });
    ledger.layRead(page);
    ledger.startAt(page.position);
    const last = history.insert();
    expect(ledger.allRead(history.position)).toEqual([]);
    expect(ledger.get(1)).toBeDefined();
    expect(ledger.reached(last.position)).toEqual([{ id: 1, before, after: null }]);
  });

  it("C-POS-6: when there are pages that are not read, what nothing has told of is let go and not gone", () => {
    const history = new OrderHistory();
    for (let count = 0; count < 3; count += 1) history.insert();
    const first = begun(history);
    history.insert();
    const ledger = new OrderLedger(ALL, { seeds: first.rows(), floor: first.horizon });
    const page = history.page({ statuses: ALL, limit: 3 });
    ledger.layRead(page);
    ledger.startAt(page.position);
    expect(ledger.allRead(page.position, page.next === null)).toEqual([
      { id: 1, before: history.get(1), after: null, letGo: true },
    ]);
  });

  it("C-POS-6: a seed whose change came without its image stays until it is read", () => {
    const history = new OrderHistory();
    history.insert();
    history.insert();
    const first = begun(history);
    const ledger = new OrderLedger(ALL, { seeds: first.rows(), floor: first.horizon });
    const page = history.page({ statuses: ALL, limit: 1 });
    ledger.layRead(page);
    ledger.startAt(page.position);
    const change = history.update(1, { status: "shipped" });
    ledger.layChange({ ...change, before: null, after: null });
    ledger.reached(change.position);
    expect(ledger.allRead(history.position)).toEqual([]);
    expect(ledger.get(1)).toBeDefined();
    expect(ledger.layAbsence(1, change.position)).toMatchObject({ id: 1, after: null });
  });

  it("C-POS-6: seeds of another time give way to any page, and to no late answer", () => {
    const history = new OrderHistory();
    const answer = history.insert();
    history.update(1, { status: "shipped" });
    const seeds = begun(history).rows();
    const ledger = new OrderLedger(ALL, {
      seeds: Array.from(seeds, ({ order }) => ({ order, position: VOID })),
    });
    ledger.layAnswer(1, answer.after, answer.position);
    expect(ledger.get(1)?.status).toBe("shipped");
    const rebuilt = new OrderHistory();
    rebuilt.insert({ customer_name: "New" });
    ledger.layRead(rebuilt.page({ statuses: ALL, limit: 10 }));
    expect(ledger.get(1)?.customer_name).toBe("New");
  });

  it("C-POS-7: rows that were changed longest ago make room, and no older read brings them back", () => {
    const history = new OrderHistory();
    const ledger = new OrderLedger(ALL, { capacity: 20 });
    ledger.startAt(history.position);
    for (let count = 0; count < 21; count += 1) lay(ledger, history.insert());
    expect(ledger.trim()).toEqual([]);
    ledger.beginRead();
    const old = history.page({ statuses: ALL, limit: 100 });
    lay(ledger, history.update(1, { status: "shipped" }), history.update(2, { status: "shipped" }));
    lay(ledger, history.insert());
    expect(ledger.trim()).toEqual([
      { id: 3, before: history.get(3), after: null, letGo: true },
      { id: 4, before: history.get(4), after: null, letGo: true },
    ]);
    expect(held(ledger).map(({ id }) => id)).toEqual([1, 2, ...Array.from({ length: 18 }, (_, n) => n + 5)]);
    lay(ledger, history.update(3, { status: "delivered" }));
    expect(ledger.layRead(old)).toEqual([expect.objectContaining({ id: 4 })]);
    expect(ledger.get(3)?.status).toBe("delivered");
  });

  it("C-POS-7: rows that are kept stay, and the others are as many as the capacity", () => {
    const history = new OrderHistory();
    const ledger = new OrderLedger(ALL, { capacity: 20 });
    ledger.startAt(history.position);
    const asked: number[] = [];
    const kept = () => {
      asked.push(ledger.size);
      return new Set([1, 3, 99]);
    };
    for (let count = 0; count < 24; count += 1) {
      lay(ledger, history.insert());
      ledger.trim(kept);
    }
    expect(held(ledger).map(({ id }) => id)).toEqual([1, 3, ...Array.from({ length: 20 }, (_, n) => n + 5)]);
    expect(asked).toEqual([22, 24]);
    lay(ledger, history.insert(), history.insert());
    ledger.trim();
    expect(held(ledger).map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, n) => n + 7));
  });

  it("C-POS-7: of rows of one instant no more go than must", () => {
    const history = new OrderHistory();
    const ledger = new OrderLedger(ALL, { capacity: 20 });
    ledger.startAt(history.position);
    const { after } = history.insert();
    const position = history.position;
    const orders = Array.from({ length: 40 }, (_, n) => ({ ...after, id: n + 1 })) as Order[];
    ledger.layRead({ orders, position });
    expect(ledger.trim()).toHaveLength(20);
    expect(ledger.size).toBe(20);
  });
});
