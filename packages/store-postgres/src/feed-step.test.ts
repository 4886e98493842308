import type { Change } from "@live-orders/protocol/change";
import { orderOf } from "@live-orders/testkit/store-samples";
import { describe, expect, it } from "vitest";
import { feedSteps, MAX_BATCH_BYTES } from "./feed-step.ts";
import type { OutboxPage } from "./outbox-page.ts";
import type { OutboxEntry } from "./outbox-row.ts";
import { positionOf } from "./postgres-position.ts";

const at = (sequence: number): string => positionOf(String(sequence));
const changeAt = (sequence: number, name = "Ada"): Change => ({
  position: at(sequence),
  op: "insert",
  id: sequence,
  before: null,
  after: orderOf(sequence, { customer_name: name }),
  at: "2024-01-01T00:00:00.000Z",
});
const entryAt = (sequence: number, name?: string): OutboxEntry => ({
  kind: "change",
  change: changeAt(sequence, name),
  position: at(sequence),
});
const pageOf = (
  page: Partial<Omit<OutboxPage, "head">> & { head: number; generation?: string },
): OutboxPage => ({
  entries: [],
  floor: at(0),
  full: false,
  recorded: true,
  ...page,
  head: { generation: page.generation ?? "g1", position: at(page.head) },
});
const from = (sequence: number, generation = "g1") => ({ generation, position: at(sequence) });

describe("the steps of a page of the outbox", () => {
  it("are one empty batch where there is nothing new: a progress mark", () => {
    expect(feedSteps(pageOf({ head: 5 }), from(5))).toEqual([
      { kind: "batch", changes: [], position: at(5) },
    ]);
  });

  it("reach the position of now when the page is all there is, else that of its last entry", () => {
    const entries = [entryAt(6), entryAt(8)];
    expect(feedSteps(pageOf({ head: 9, entries }), from(5)).at(-1)).toMatchObject({ position: at(9) });
    expect(feedSteps(pageOf({ head: 9, entries, full: true }), from(5)).at(-1)).toMatchObject({
      position: at(8),
    });
  });

  it("pass over a broken change, and reach its position", () => {
    const broken: OutboxEntry = { kind: "broken", id: 7, position: at(7) };
    const steps = feedSteps(pageOf({ head: 7, entries: [entryAt(6), broken], full: true }), from(5));
    expect(steps).toEqual([{ kind: "batch", changes: [changeAt(6)], position: at(7) }]);
  });

  it("part batches before they outgrow their bytes", () => {
    const entries = Array.from({ length: 1_000 }, (_, index) => entryAt(index + 1, "\u{1f600}".repeat(200)));
    const steps = feedSteps(pageOf({ head: 1_000, entries }), from(0));
    expect(steps.length).toBeGreaterThan(1);
    const changes = steps.flatMap((step) => (step.kind === "batch" ? step.changes : []));
    expect(changes.map(({ id }) => id)).toEqual(entries.map((_, index) => index + 1));
    for (const step of steps) {
      if (step.kind !== "batch") throw new Error("a reset");
      expect(Buffer.byteLength(JSON.stringify(step.changes))).toBeLessThan(MAX_BATCH_BYTES);
      expect(step.position).toBe(step.changes.at(-1)?.position);
    }
  });

  it("tell of a reset in its place, and go on in the new generation", () => {
    const reset: OutboxEntry = { kind: "reset", generation: "g2", position: at(7) };
    const page = pageOf({ head: 8, generation: "g2", entries: [entryAt(6), reset, entryAt(8)] });
    expect(feedSteps(page, from(5))).toEqual([
      { kind: "batch", changes: [changeAt(6)], position: at(6) },
      { kind: "reset", reason: "collection-gone", at: from(7, "g2") },
      { kind: "batch", changes: [changeAt(8)], position: at(8) },
    ]);
  });

  it("are a reset when what followed was pruned", () => {
    const page = pageOf({ head: 9, floor: at(7), entries: [entryAt(8), entryAt(9)] });
    expect(feedSteps(page, from(6))).toEqual([{ kind: "reset", reason: "history-lost", at: from(9) }]);
    expect(feedSteps(page, from(7))).toMatchObject([{ kind: "batch", position: at(9) }]);
  });

  it("are a reset when the database was put back to an older state", () => {
    expect(feedSteps(pageOf({ head: 3 }), from(4))).toEqual([
      { kind: "reset", reason: "history-lost", at: from(3) },
    ]);
  });

  it("are a reset when the database was made anew, wherever it stands now", () => {
    const gone = { kind: "reset", reason: "collection-gone" };
    expect(feedSteps(pageOf({ head: 3, generation: "g2" }), from(4))).toMatchObject([gone]);
    expect(feedSteps(pageOf({ head: 5, generation: "g2" }), from(4)).at(-1)).toEqual({
      ...gone,
      at: from(5, "g2"),
    });
  });
});
