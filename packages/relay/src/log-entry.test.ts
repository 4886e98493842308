import fc from "fast-check";
import { expect, test } from "vitest";
import { order } from "./fakes/fake-database.ts";
import { batchOf, LogEntry } from "./log-entry.ts";

const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 50 });
const image = fc.option(
  fc.record({ customer_name: name, product_name: name }).map((names) => ({ ...order("pending"), ...names })),
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
      const batch = batchOf(
        changes.map((it) => new LogEntry(it)),
        { generation: "one", position: "0001" },
      );
      expect(batch.json).toBe(JSON.stringify(batch.batch));
    }),
  );
});

test("R-BOUND-1, R-BOUND-2: the size of a change is about that of its text", () => {
  fc.assert(
    fc.property(change, (it) => {
      const entry = new LogEntry(it);
      const bytes = Buffer.byteLength(entry.json);
      expect(entry.bytes).toBeGreaterThan(bytes * 0.6);
      expect(entry.bytes).toBeLessThan(bytes + 200);
    }),
  );
});
