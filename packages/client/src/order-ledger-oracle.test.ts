import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { isSeenBy } from "@live-orders/protocol/room";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OrderHistory, positionAt } from "./fake/order-history.ts";
import { OrderLedger, type ReadTicket } from "./order-ledger.ts";

const ALL = [...STATUSES];
const byId = (a: Order, b: Order) => a.id - b.id;
const held = (ledger: OrderLedger) => [...ledger.rows()].map(({ order }) => order).sort(byId);

/** What happens in a run: writes, and how what is read of them reaches the client. */
type Act =
  | { kind: "insert"; status: Status }
  | { kind: "update"; pick: number; status: Status }
  | { kind: "remove"; pick: number }
  | { kind: "revive"; pick: number; status: Status }
  /** Asks for a page; `lag`: read as of an instant so many writes ago, but not before it was asked for. */
  | { kind: "ask"; pick: number; size: number }
  | { kind: "read"; pick: number }
  | { kind: "receive"; pick: number }
  /** The feed hands on some changes, and perhaps tells that it has reached the end. */
  | { kind: "feed"; count: number }
  | { kind: "answer"; pick: number };

const status = fc.constantFrom(...STATUSES);
const pick = fc.nat(1000);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("insert" as const), status }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("update" as const), pick, status }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("revive" as const), pick, status }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("ask" as const), pick, size: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("read" as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("receive" as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("feed" as const), count: fc.oneof(fc.nat(2), fc.nat(30)) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("answer" as const), pick }) },
);

interface PageUnderWay {
  readonly ticket: ReadTicket;
  readonly ids: readonly number[];
  rows: { orders: Order[]; position: string } | null;
}

/** One client of one history, with every page, change and answer at its own pace. */
class Run {
  readonly history = new OrderHistory();
  readonly ledger: OrderLedger;
  readonly #statuses: readonly Status[];
  readonly #started: number;
  #fed: number;
  #pages: PageUnderWay[] = [];
  /** Answers to writes of this client that have not come yet. */
  #answers: Change[] = [];
  #sawDead = new Map<number, string>();
  #sawPosition = new Map<number, string>();

  constructor(statuses: readonly Status[], before: number) {
    this.#statuses = statuses;
    for (let count = 0; count < before; count += 1)
      this.history.insert({ status: STATUSES[count % STATUSES.length] ?? "pending" });
    this.#started = this.history.changes.length;
    this.#fed = this.#started;
    // The first page is of some rows only; the rest comes by other pages.
    this.ledger = new OrderLedger(statuses);
    const ticket = this.ledger.beginRead();
    const page = this.history.page({ statuses, limit: 2 });
    this.ledger.layRead(page);
    this.ledger.startAt(page.position);
    this.ledger.endRead(ticket);
  }

  do(act: Act): void {
    switch (act.kind) {
      case "insert":
        this.#answers.push(this.history.insert({ status: act.status }));
        return;
      case "update":
      case "remove":
      case "revive":
        this.#write(act);
        return;
      case "ask":
        this.#pages.push({
          ticket: this.ledger.beginRead(),
          ids: this.#range(act.pick, act.size),
          rows: null,
        });
        return;
      case "read": {
        const page = pickOf(
          this.#pages.filter(({ rows }) => rows === null),
          act.pick,
        );
        if (page !== undefined) this.#read(page);
        return;
      }
      case "receive": {
        const page = pickOf(
          this.#pages.filter(({ rows }) => rows !== null),
          act.pick,
        );
        if (page !== undefined) this.#receive(page);
        return;
      }
      case "feed":
        this.#feed(act.count);
        return;
      case "answer": {
        const answer = pickOf(this.#answers.slice(-5), act.pick);
        if (answer !== undefined) this.#answer(answer);
      }
    }
  }

  /** Everything that is under way arrives, and every page that was not read is. */
  finish(): void {
    const ids = this.#range(0, 1000);
    this.#pages.push({ ticket: this.ledger.beginRead(), ids, rows: null });
    for (const page of this.#pages) if (page.rows === null) this.#read(page);
    for (const page of [...this.#pages]) this.#receive(page);
    for (const answer of [...this.#answers]) this.#answer(answer);
    this.#feed(this.history.changes.length);
    this.ledger.allRead(this.history.position);
  }

  /** C-POS: no row is other than it was at its position, goes back, or rises from the dead. */
  check(): void {
    for (const { order, position } of this.ledger.rows()) {
      const asItWas = order === this.history.at(order.id, position);
      const notBack = position >= (this.#sawPosition.get(order.id) ?? "");
      const notDead = position > (this.#sawDead.get(order.id) ?? "");
      expect({ order, asItWas, notBack, notDead }).toMatchObject({
        asItWas: this.#statuses.includes(order.status),
        notBack: true,
        notDead: true,
      });
      this.#sawPosition.set(order.id, position);
    }
  }

  #write(act: Extract<Act, { kind: "update" | "remove" | "revive" }>): void {
    if (act.kind === "revive") {
      const dead = this.history.changes.filter(({ op, id }) => op === "delete" && !this.history.get(id));
      const id = pickOf(dead, act.pick)?.id;
      if (id !== undefined) this.#answers.push(this.history.insert({ status: act.status }, { id }));
      return;
    }
    const id = pickOf(this.history.rows(), act.pick)?.id;
    if (id === undefined) return;
    const patch = { status: act.kind === "update" ? act.status : undefined };
    this.#answers.push(act.kind === "update" ? this.history.update(id, patch) : this.history.remove(id));
  }

  #range(from: number, size: number): number[] {
    const ids = [...new Set(this.history.changes.map(({ id }) => id))];
    const start = ids.length === 0 ? 0 : from % ids.length;
    return ids.slice(start, start + size);
  }

  #read(page: PageUnderWay): void {
    const { position } = this.history;
    const orders = this.history.rowsAt(position, this.#statuses).filter(({ id }) => page.ids.includes(id));
    page.rows = { orders, position };
  }

  #receive(page: PageUnderWay): void {
    if (page.rows !== null) expect(this.ledger.layRead(page.rows)).not.toBeNull();
    this.ledger.endRead(page.ticket);
    this.#pages = this.#pages.filter((other) => other !== page);
  }

  #feed(count: number): void {
    const changes = this.history.changes.slice(this.#fed, this.#fed + count);
    for (const change of changes) {
      if (isSeenBy(change, this.#statuses)) this.ledger.layChange(change);
      this.#sawGone(change);
      this.#fed += 1;
    }
    this.ledger.reached(positionAt(this.#fed));
  }

  #sawGone({ id, after, position }: Change): void {
    const isGone = after === null || !this.#statuses.includes(after.status);
    if (isGone && position > (this.#sawDead.get(id) ?? "")) this.#sawDead.set(id, position);
  }

  #answer(answer: Change): void {
    const wasHeld = this.ledger.get(answer.id) !== undefined;
    this.ledger.layAnswer(answer.id, answer.after, answer.position);
    if (wasHeld) this.#sawGone(answer);
    this.#answers = this.#answers.filter((other) => other !== answer);
  }
}

const pickOf = <Value>(values: readonly Value[], pick: number): Value | undefined =>
  values.length === 0 ? undefined : values[pick % values.length];

describe("pages, changes and answers in any order", () => {
  const statusSets = fc.subarray(ALL, { minLength: 1 });

  it("C-POS-8: no row goes back or rises from the dead, and at the end all is as in the list of writes", () => {
    fc.assert(
      fc.property(
        statusSets,
        fc.nat(6),
        fc.array(act, { maxLength: 100, size: "max" }),
        (statuses, before, acts) => {
          const run = new Run(statuses, before);
          run.check();
          for (const one of acts) {
            run.do(one);
            run.check();
          }
          run.finish();
          run.check();
          const expected = run.history.rowsAt(run.history.position, statuses);
          expect(held(run.ledger)).toEqual(expected.sort(byId));
          expect(run.ledger.tombstones).toBe(0);
        },
      ),
      { numRuns: 400 },
    );
  });
});
