import { isSeenBy } from "@live-orders/protocol/room";
import { STATUSES } from "@live-orders/protocol/status";
import { encodeCursor } from "@live-orders/store/cursor-parts";
import fc from "fast-check";
import { expect, test } from "vitest";
import { order } from "./fakes/fake-database.ts";
import { batchOf, LogEntry } from "./log-entry.ts";

const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 50 });
const image = fc.option(
  fc
    .record({ customer_name: name, product_name: name, status: fc.constantFrom(...STATUSES) })
    .map((fields) => ({ ...order("pending"), ...fields })),
);
const change = fc.record({
  position: fc.constant("0000"),
  op: fc.constantFrom("insert" as const, "update" as const, "delete" as const),
  id: fc.integer({ min: 1, max: 2_147_483_647 }),
  before: image,
  after: image,
  at: fc.constant("2026-01-01T00:00:00.000Z"),
});

test("R-ROOM-3: a batch put together from its changes' texts is the text of the batch", () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const at = { generation: "one", position: "0001" };
      const batch = batchOf(
        changes.map((it) => new LogEntry(it)),
        at,
      );
      const told = { changes, position: at.position, cursor: encodeCursor(at) };
      expect(batch.json).toBe(JSON.stringify(told));
      expect(batch.decode()).toEqual(told);
      expect(batch.seen).toHaveLength(changes.length);
    }),
  );
});

test("R-BOUND-1, R-BOUND-2: the size of a change is that of its text", () => {
  fc.assert(
    fc.property(change, (it) => {
      const entry = new LogEntry(it);
      expect(entry.bytes).toBe(Buffer.byteLength(JSON.stringify(it)));
    }),
  );
});

test("R-ROOM-1: who sees a change is said by its entry as by the change", () => {
  fc.assert(
    fc.property(change, fc.subarray([...STATUSES], { minLength: 1 }), (it, statuses) => {
      expect(isSeenBy(new LogEntry(it), statuses)).toBe(isSeenBy(it, statuses));
    }),
  );
});
