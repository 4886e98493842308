import type { AnswerPart } from "@live-orders/protocol/http-ask";
import type { Status } from "@live-orders/protocol/status";
import { eventually } from "@live-orders/testkit/eventually";
import { describe, expect, it } from "vitest";
import { grammarAnswerer } from "../src/questions/grammar-answerer.ts";
import { readTools } from "../src/tools/read-tools.ts";
import type { ToolOutcome } from "../src/tools/read-tool.ts";
import { useAgentSetting } from "./agent-setting.ts";

const setting = useAgentSetting();
const { signal } = new AbortController();
const DAY = 86_400_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const tools = () => readTools(setting.api);

async function outputOf<Output>(outcome: Promise<ToolOutcome<Output>>): Promise<Output> {
  const ended = await outcome;
  if (ended.kind === "failed") throw new Error(ended.reason);
  return ended.output;
}

/** An order of the past, as an import makes it. */
async function put(id: number, customer_name: string, status: Status, ageMs: number): Promise<void> {
  const order = { customer_name, product_name: `Product ${id}`, status, updated_at: ago(ageMs) };
  const answer = await setting.api.bulk([{ op: "put", id, order }]);
  if (!answer.ok || answer.value.results[0]?.status !== 201) throw new Error(`no order ${id}`);
}

async function patch(id: number, fields: { status?: Status; product_name?: string }): Promise<void> {
  const answer = await setting.api.patch(id, fields);
  if (!answer.ok) throw new Error(answer.error.kind);
}

describe("find_orders", () => {
  it("gives pages by status and text, each order once", async () => {
    for (let id = 1; id <= 7; id += 1) await put(id, id < 6 ? "Ada" : "Bob", "pending", id * DAY);
    const first = await outputOf(tools().find_orders.run({ text: "ada", sort: "id", limit: 3 }, signal));
    const query = { text: "ada", sort: "id", limit: 3 } as const;
    const second = await outputOf(tools().find_orders.run({ ...query, after: first.next ?? "" }, signal));
    expect([...first.orders, ...second.orders].map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
    expect(second.next).toBeNull();
  });

  it("tells who has been in a status for longest, whatever was renamed since", async () => {
    await put(1, "Ada", "pending", 3 * DAY);
    await put(2, "Bob", "pending", 5 * DAY);
    await put(3, "Cyd", "shipped", 9 * DAY);
    await put(4, "Dan", "delivered", 20 * DAY);
    await patch(2, { product_name: "Another" });
    await patch(3, { status: "pending" });
    const status: Status[] = ["pending", "shipped"];
    const query = { status, sort: "waiting", limit: 2 } as const;
    const first = await eventually(async () => {
      const found = await outputOf(tools().find_orders.run(query, signal));
      // The history of an order that was renamed trails the feed a little.
      return found.orders[0]?.id === 2 && found;
    });
    expect(first).toMatchObject({ orders: [{ id: 2 }, { id: 1, told_by: "history" }], total: 3 });
    const rest = await outputOf(tools().find_orders.run({ ...query, after: first.next ?? "" }, signal));
    expect(rest).toMatchObject({ orders: [{ id: 3 }], next: null });
    const old = { status: ["pending" as const], waiting_since_before: ago(4 * DAY) };
    expect(await outputOf(tools().find_orders.run(old, signal))).toMatchObject({
      orders: [{ id: 2 }],
      total: 1,
    });
  });

  it.each([
    [{ limit: 51 }],
    [{ limit: 0 }],
    [{ sort: "price" }],
    [{ delete: true }],
    [{ waiting_since_before: "yesterday" }],
    [{ sort: "waiting", after: "nonsense" }],
    [{ after: "nonsense" }],
  ])("says what is wrong with %j", async (input) => {
    const outcome = await tools().find_orders.run(input as never, signal);
    expect(outcome).toMatchObject({ kind: "failed", reason: expect.stringMatching(/\w{5}/) as string });
  });
});

describe("count_orders", () => {
  it("counts by status, customer and age", async () => {
    await put(1, "Ada", "pending", 3 * DAY);
    await put(2, "Ada", "shipped", 2 * DAY);
    await put(3, "Bob", "pending", 3_600_000);
    await put(4, "Cyd", "delivered", 20 * DAY);
    expect(await outputOf(tools().count_orders.run({}, signal))).toEqual({
      total: 4,
      groups: [
        { name: "pending", count: 2 },
        { name: "delivered", count: 1 },
        { name: "shipped", count: 1 },
      ],
      groups_total: 3,
    });
    const undelivered = { status: ["pending" as const, "shipped" as const], by: "customer" as const };
    expect(await outputOf(tools().count_orders.run({ ...undelivered, limit: 1 }, signal))).toEqual({
      total: 3,
      groups: [{ name: "Ada", count: 2 }],
      groups_total: 2,
    });
    const old = { ...undelivered, waiting_since_before: ago(DAY) };
    expect(await outputOf(tools().count_orders.run(old, signal))).toMatchObject({
      total: 2,
      groups: [{ name: "Ada", count: 2 }],
    });
  });

  it("counts each order once while they change on many pages", async () => {
    const orders = await setting.createOrders(1000, "pending");
    await setting.createOrders(200, "pending");
    let isOver = false;
    const changing = (async () => {
      for (let turn = 0; !isOver; turn += 1) {
        await patch(orders[turn % 1000]?.id ?? 0, { product_name: `Turn ${turn}` });
      }
    })();
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await outputOf(tools().count_orders.run({ by: "customer" }, signal))).total).toBe(1200);
    }
    isOver = true;
    await changing;
  });
});

describe("order_history", () => {
  it("tells what happened to an order, also after its end", async () => {
    await put(4001, "Ada", "pending", 0);
    await patch(4001, { status: "shipped" });
    await patch(4001, { product_name: "Another" });
    await setting.api.remove(4001);
    const told = await eventually(async () => {
      const history = await outputOf(tools().order_history.run({ id: 4001 }, signal));
      return history.changes.length === 4 && history;
    });
    expect(told.order).toBeNull();
    expect(told.changes.map(({ deed, from, to }) => [deed, from, to])).toEqual([
      ["deleted", "shipped", null],
      ["renamed", "shipped", "shipped"],
      ["moved", "pending", "shipped"],
      ["created", null, "pending"],
    ]);
  });
});

describe("recent_changes", () => {
  it("sums up what happened since a time, and pages through it by cursor", async () => {
    await put(1, "Ada", "pending", 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const since = new Date().toISOString();
    await put(2, "Bob", "shipped", 0);
    for (const status of ["shipped", "pending", "shipped"] as const) await patch(1, { status });
    await setting.api.remove(2);
    const told = await outputOf(tools().recent_changes.run({ since, limit: 2 }, signal));
    expect(told.sums).toEqual({
      changes: 5,
      orders: 2,
      created: 1,
      created_in: { pending: 0, shipped: 1, delivered: 0 },
      renamed: 0,
      deleted: 1,
      touched: 0,
      moved_to: { pending: 1, shipped: 1, delivered: 0 },
    });
    expect(told).toMatchObject({
      changes: [
        { id: 2, deed: "deleted" },
        { id: 1, to: "shipped" },
      ],
      since,
      cut: false,
      more: true,
    });
    const shipped = await outputOf(tools().recent_changes.run({ since, to: "shipped" }, signal));
    expect(shipped.changes).toHaveLength(3);
    await put(3, "Cyd", "pending", 0);
    const later = await outputOf(tools().recent_changes.run({ after: told.cursor }, signal));
    expect(later).toMatchObject({ changes: [{ id: 3, deed: "created" }], more: false, sums: null });
  });

  it("says from when on the history tells, and needs a place to begin", async () => {
    const told = await outputOf(tools().recent_changes.run({ since: ago(400 * DAY) }, signal));
    expect(told.cut).toBe(true);
    expect(told.since !== null && told.since > ago(DAY)).toBe(true);
    expect(await tools().recent_changes.run({}, signal)).toMatchObject({ kind: "failed" });
  });
});

it("a question is answered by the tools alone, with the order that it speaks of", async () => {
  await put(4002, "Ada", "pending", 0);
  const parts: AnswerPart[] = [];
  const question = { question: "What happened to order 4002?", time_zone: "UTC" };
  for await (const part of grammarAnswerer(tools()).answer(question, signal)) parts.push(part);
  expect(parts).toMatchObject([
    { kind: "source", source: { kind: "grammar" } },
    { kind: "tool", name: "order_history" },
    { kind: "orders", orders: [{ id: 4002 }] },
    ...parts.slice(3, -1),
    { kind: "end", outcome: "answered" },
  ]);
});
