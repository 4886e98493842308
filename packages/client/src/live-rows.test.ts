import type { Change } from "@live-orders/protocol/change";
import type { Order, OrderPatch } from "@live-orders/protocol/order";
import { isSeenBy } from "@live-orders/protocol/room";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrderHistory, positionAt } from "./fake/order-history.ts";
import { LiveRows } from "./live-rows.ts";
import { patched } from "./overlay.ts";

/** A write of this client, and how far it has come. */
interface OwnWrite {
  readonly key: string;
  readonly kind: "create" | "edit" | "remove";
  /** Negative until the server's id is known. */
  id: number;
  readonly patch: OrderPatch;
  /** Made by the server; not answered yet. */
  change: Change | null;
  made: boolean;
  settled: boolean;
}

type Act =
  | { kind: "create"; status: Status }
  | { kind: "edit"; pick: number; status: Status }
  | { kind: "remove"; pick: number }
  /** The server makes the write, or refuses it. */
  | { kind: "make"; pick: number }
  | { kind: "refuse"; pick: number }
  | { kind: "answer"; pick: number }
  | { kind: "feed"; count: number }
  /** Others write. */
  | { kind: "theirs"; op: "insert" | "update" | "delete"; pick: number; status: Status };

const status = fc.constantFrom(...STATUSES);
const pick = fc.nat(1000);
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), status }),
  fc.record({ kind: fc.constant("edit" as const), pick, status }),
  fc.record({ kind: fc.constant("remove" as const), pick }),
  fc.record({ kind: fc.constant("make" as const), pick }),
  fc.record({ kind: fc.constant("make" as const), pick }),
  fc.record({ kind: fc.constant("refuse" as const), pick }),
  fc.record({ kind: fc.constant("answer" as const), pick }),
  fc.record({ kind: fc.constant("answer" as const), pick }),
  fc.record({ kind: fc.constant("feed" as const), count: fc.nat(8) }),
  fc.record({
    kind: fc.constant("theirs" as const),
    op: fc.constantFrom("insert" as const, "update" as const, "delete" as const),
    pick,
    status,
  }),
);

/** What is shown must follow from the list of writes, what came of them here, and nothing else. */
class Run {
  readonly history = new OrderHistory();
  readonly rows: LiveRows;
  readonly #statuses: readonly Status[];
  readonly #own: OwnWrite[] = [];
  readonly #mirror = new Map<number, Order>();
  #fed = 0;
  #names = 0;

  constructor(statuses: readonly Status[]) {
    this.#statuses = statuses;
    this.rows = new LiveRows({
      statuses,
      capacity: Infinity,
      onChanged: () => undefined,
      onCreated: (temporary, id) => {
        for (const write of this.#own) if (write.id === temporary) write.id = id;
      },
    });
    this.rows.ledger.startAt(this.history.position);
  }

  do(act: Act): void {
    switch (act.kind) {
      case "create":
        this.#create(act.status);
        return;
      case "edit":
      case "remove":
        this.#write(act.kind, act.pick, act.kind === "edit" ? { status: act.status } : {});
        return;
      case "make":
        this.#make(pickOf(this.#sendable(), act.pick));
        return;
      case "refuse":
        this.#refuse(pickOf(this.#sendable(), act.pick));
        return;
      case "answer":
        this.#answer(
          pickOf(
            this.#own.filter(({ made, change }) => made && change !== null),
            act.pick,
          ),
        );
        return;
      case "feed":
        this.#feed(act.count);
        return;
      case "theirs":
        this.#theirs(act);
    }
  }

  finish(): void {
    while (this.#own.some(({ made, change }) => !made || change !== null)) {
      for (const write of this.#own) this.#answer(write);
      this.#make(this.#sendable()[0]);
    }
    this.#feed(this.history.changes.length);
  }

  /** C-OVER: each write lies over its row exactly until it is settled; a log of the changes leads to the same rows. */
  check(): void {
    const expected = new Map<number, Order | null>();
    for (const { order } of this.rows.ledger.rows()) expected.set(order.id, order);
    for (const write of this.#own) {
      if (!write.settled) expected.set(write.id, overlaid(expected.get(write.id) ?? null, write));
    }
    const shown = [...expected.values()].filter(
      (order): order is Order => order !== null && this.#statuses.includes(order.status),
    );
    const actual = [...this.rows.orders()].sort(byId);
    expect(actual.map(visible)).toEqual(shown.sort(byId).map(visible));
    expect(this.rows.size).toBe(actual.length);
    expect(this.rows.saving.rows).toBe(new Set(this.#own.filter((w) => !w.settled).map((w) => w.id)).size);
    this.#followLog(actual);
  }

  #followLog(actual: readonly Order[]): void {
    for (const { id, before, after } of this.rows.take().changes) {
      expect(before).toEqual(this.#mirror.get(id) ?? null);
      if (after === null) this.#mirror.delete(id);
      else this.#mirror.set(id, after);
    }
    expect([...this.#mirror.values()].sort(byId)).toEqual(actual);
  }

  #create(status: Status): void {
    const id = -1 - this.#own.length;
    const fields = { customer_name: this.#name(), product_name: "Chair", status };
    const key = `key-${id}`;
    this.#own.push({ key, kind: "create", id, patch: fields, change: null, made: false, settled: false });
    this.rows.lay({
      key,
      id,
      kind: "create",
      order: { ...fields, id, updated_at: "2026-01-01T00:00:00.000Z" },
    });
  }

  #write(kind: "edit" | "remove", pick: number, patch: OrderPatch): void {
    const row = pickOf([...this.rows.orders()].sort(byId), pick);
    if (row === undefined) return;
    const { id } = row;
    const key = `key-${this.#own.length}-${kind}`;
    const named = kind === "edit" ? { ...patch, customer_name: this.#name() } : patch;
    this.#own.push({ key, kind, id, patch: named, change: null, made: false, settled: false });
    this.rows.lay(kind === "edit" ? { key, id, kind, patch: named, base: row } : { key, id, kind });
  }

  /** Writes go out in order for each row. */
  #sendable(): OwnWrite[] {
    const busy = new Set<number>();
    return this.#own.filter((write) => {
      const isDone = write.made && write.change === null;
      const isFirst = !isDone && !busy.has(write.id);
      if (!isDone) busy.add(write.id);
      return isFirst && !write.made;
    });
  }

  #make(write: OwnWrite | undefined): void {
    if (write === undefined) return;
    const { id, kind, patch, key } = write;
    if (kind !== "create" && this.history.get(id) === undefined) {
      this.#refuse(write);
      return;
    }
    write.made = true;
    if (kind === "create") write.change = this.history.insert(defined(patch), { key });
    else write.change = kind === "edit" ? this.history.update(id, patch) : this.history.remove(id);
  }

  #refuse(write: OwnWrite | undefined): void {
    if (write === undefined) return;
    write.made = true;
    write.settled = true;
    this.rows.fail(write.key, write.id, { kind: "gone", mine: null });
    if (write.kind !== "create") return;
    // What was to be done to an order that never came about fails, too.
    for (const other of this.#own) if (other.id === write.id && !other.made) this.#refuse(other);
  }

  #answer(write: OwnWrite | undefined): void {
    if (write === undefined || write.change === null) return;
    const { id, after, position } = write.change;
    write.change = null;
    write.settled = true;
    this.rows.settle(write.key, { id, order: after, position });
  }

  #feed(count: number): void {
    for (const change of this.history.changes.slice(this.#fed, this.#fed + count)) {
      this.#fed += 1;
      const own = this.#own.find((write) => write.change === change);
      if (isSeenBy(change, this.#statuses)) {
        if (own !== undefined) own.settled = true;
        // An order that others delete needs no deleting any more.
        for (const write of this.#own)
          if (write.kind === "remove" && write.id === change.id && change.op === "delete")
            write.settled = true;
        this.rows.layChange(change);
      }
    }
    this.rows.ledger.reached(positionAt(this.#fed));
  }

  #theirs({ op, pick, status }: Extract<Act, { kind: "theirs" }>): void {
    const id = pickOf(this.history.rows(), pick)?.id;
    if (op === "insert" || id === undefined) this.history.insert({ status, customer_name: this.#name() });
    else if (op === "update") this.history.update(id, { status, customer_name: this.#name() });
    else this.history.remove(id);
  }

  /** A name of its own, so that no write does by chance what another does. */
  #name(): string {
    this.#names += 1;
    return `Name ${this.#names}`;
  }
}

const byId = (a: Order, b: Order) => a.id - b.id;
const visible = ({ id, customer_name, status }: Order) => ({ id, customer_name, status });
const defined = ({ customer_name = "", product_name = "", status = "pending" }: OrderPatch) => ({
  customer_name,
  product_name,
  status,
});
const pickOf = <Value>(values: readonly Value[], pick: number): Value | undefined =>
  values.length === 0 ? undefined : values[pick % values.length];

function overlaid(order: Order | null, write: OwnWrite): Order | null {
  if (write.kind === "remove") return null;
  if (write.kind === "edit") return order === null ? null : patched(order, write.patch);
  return order ?? { ...defined(write.patch), id: write.id, updated_at: "" };
}

describe("optimistic writes, answers and changes in any order", () => {
  it("C-OVER-11: a write lies over its row exactly until its answer or its change came or it failed; none doubles", () => {
    const statusSets = fc.subarray([...STATUSES], { minLength: 1 });
    fc.assert(
      fc.property(statusSets, fc.array(act, { maxLength: 80, size: "max" }), (statuses, acts) => {
        const run = new Run(statuses);
        for (const one of acts) {
          run.do(one);
          run.check();
        }
        run.finish();
        run.check();
        const end = run.history.rowsAt(run.history.position, statuses).sort(byId);
        expect([...run.rows.orders()].sort(byId)).toEqual(end);
        expect(run.rows.saving).toEqual({ rows: 0, waiting: 0 });
      }),
      { numRuns: 400 },
    );
  });
});

describe("an answer that comes before the feed", () => {
  it("C-OVER-2: is laid beneath the overlay, which goes without waiting for the feed", () => {
    const history = new OrderHistory();
    const before = history.insert().after;
    const rows = new LiveRows({
      statuses: STATUSES,
      capacity: Infinity,
      onChanged: () => undefined,
      onCreated: () => undefined,
    });
    if (before === null) throw new Error("an insert has an order");
    rows.ledger.startAt(history.position);
    rows.ledger.layRead({ orders: [before], position: history.position });
    rows.lay({ key: "k", id: before.id, kind: "edit", patch: { status: "shipped" }, base: before });
    const { after, position } = history.update(before.id, { status: "shipped" });
    rows.settle("k", { id: before.id, order: after, position });
    expect(rows.row(before.id)).toMatchObject({ order: after, confirmed: after, saving: null });
    expect(rows.saving).toEqual({ rows: 0, waiting: 0 });
  });
});

describe("rows beyond the capacity", () => {
  const rowsOf = (count: number) => {
    const rows = new LiveRows({
      statuses: STATUSES,
      capacity: 20,
      onChanged: () => undefined,
      onCreated: () => undefined,
    });
    const history = new OrderHistory();
    for (let made = 0; made < count; made += 1) history.insert();
    rows.ledger.startAt(history.position);
    rows.loaded(rows.ledger.layRead(history.page({ statuses: STATUSES, limit: count })) ?? []);
    return rows;
  };

  it("C-LIVE-7: one that is being written stays", () => {
    const rows = rowsOf(25);
    const base = rows.confirmed(1);
    if (base === undefined) throw new Error("no order 1");
    rows.lay({ key: "k", id: 1, kind: "edit", patch: { status: "shipped" }, base });
    rows.trim();
    expect([rows.shown(1)?.status, rows.shown(2), rows.size]).toEqual(["shipped", null, 21]);
  });

  it("C-LIVE-7: of more than the capacity that somebody keeps as many stay, the small sets first", () => {
    const rows = rowsOf(60);
    const many = new Set(Array.from({ length: 50 }, (_, index) => index + 2));
    rows.keep(() => many);
    rows.keep(() => new Set([1]));
    rows.trim();
    expect([rows.size, rows.shown(1)?.id]).toEqual([40, 1]);
  });
});
