import { createOrdersApi } from "@live-orders/client/orders-api";
import { TRANSPORT_NAMES } from "@live-orders/client/transport-name";
import { changeSchema } from "@live-orders/protocol/change";
import { cursorSchema } from "@live-orders/protocol/cursor";
import { eventually } from "@live-orders/testkit/eventually";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jsonLines, startOrders, type OrdersCommand } from "./orders-command.ts";
import { useServer } from "./use-server.ts";

const server = useServer();
const lineSchema = changeSchema.extend({ cursor: cursorSchema });

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "orders-tail-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const create = async (customer: string) => {
  const api = createOrdersApi({ baseUrl: server.url });
  const created = await api.create({ customer_name: customer, product_name: "p" }, { tries: 20 });
  if (!created.ok) throw new Error(created.error.kind);
  return created.value.order;
};
const createAll = async (from: number, to: number) => {
  for (let index = from; index < to; index += 1) await create(`c${index}`);
};
const linesOf = (tail: OrdersCommand) => jsonLines(tail.stdout()).map((line) => lineSchema.parse(line));
const customersOf = (tail: OrdersCommand) => linesOf(tail).map(({ after }) => after?.customer_name);
const expected = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `c${from + index}`);

/** A tail that has its place: what is written from now on reaches it. */
async function startTail(...args: string[]): Promise<OrdersCommand> {
  const tail = startOrders(["tail", "--json", "--cursor-file", path.join(folder, "place"), ...args], {
    url: server.url,
  });
  await eventually(() => readFile(path.join(folder, "place")), { within: 30_000 });
  return tail;
}

describe("tail --json", () => {
  it("prints each change once, in order, over a kill of the server", async () => {
    const tail = await startTail();
    await createAll(0, 20);
    await server.api.kill("SIGKILL");
    await server.api.start();
    await createAll(20, 40);
    await eventually(() => linesOf(tail).length >= 40, { within: 30_000 });
    expect(customersOf(tail)).toEqual(expected(0, 40));
    expect(tail.stderr()).toContain("trying again");
    tail.child.kill("SIGINT");
    expect(await tail.end).toMatchObject({ code: 130 });
  });

  it("goes on where the last run stopped, by the cursor file", async () => {
    const first = await startTail();
    await createAll(0, 5);
    await eventually(() => linesOf(first).length >= 5, { within: 30_000 });
    first.child.kill("SIGTERM");
    await first.end;
    await createAll(5, 10);
    const second = await startTail();
    await createAll(10, 12);
    await eventually(() => linesOf(second).length >= 7, { within: 30_000 });
    expect(customersOf(second)).toEqual(expected(5, 12));
  });

  it("resumes at any line's cursor; with its position too, exactly there", async () => {
    const tail = await startTail();
    await createAll(0, 10);
    await eventually(() => linesOf(tail).length >= 10, { within: 30_000 });
    const line = linesOf(tail)[4];
    const from = ["tail", "--json", "--from", line?.cursor ?? "", "--seen", line?.position ?? ""];
    const resumed = startOrders(from, { url: server.url });
    await eventually(() => linesOf(resumed).length >= 5, { within: 30_000 });
    expect(customersOf(resumed)).toEqual(expected(5, 10));
  });

  it("shows the orders that come to a status and those that leave it", async () => {
    const order = await create("c");
    const tail = await startTail("--status", "shipped");
    const api = createOrdersApi({ baseUrl: server.url });
    await create("other");
    await api.patch(order.id, { status: "shipped" });
    await api.patch(order.id, { status: "delivered" });
    await api.patch(order.id, { product_name: "q" });
    await eventually(() => linesOf(tail).length >= 2, { within: 30_000 });
    expect(linesOf(tail).map(({ before, after }) => [before?.status, after?.status])).toEqual([
      ["pending", "shipped"],
      ["shipped", "delivered"],
    ]);
  });

  it("goes on over another transport, from the same cursor file", async () => {
    let made = 0;
    for (const name of [...TRANSPORT_NAMES, "socket.io"]) {
      const from = made;
      // Missed while none ran; the first run begins with now.
      if (from > 0) await create(`c${made++}`);
      const tail = await startTail("--transport", name);
      await create(`c${made++}`);
      await eventually(() => linesOf(tail).length >= made - from, { within: 30_000 });
      expect(customersOf(tail)).toEqual(expected(from, made));
      tail.child.kill("SIGTERM");
      await tail.end;
    }
  });

  it("ends quietly when its reader closes the pipe", async () => {
    const tail = await startTail();
    tail.child.stdout?.destroy();
    await createAll(0, 2);
    expect(await tail.end).toMatchObject({ code: 0, stderr: "" });
  });
});
