import { orderHistorySchema } from "@live-orders/protocol/http-history";
import { orderAnswerSchema } from "@live-orders/protocol/http-orders";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOnMemory } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";

let server: Awaited<ReturnType<typeof startOnMemory>>;
beforeAll(async () => {
  server = await startOnMemory();
});
afterAll(() => server.dispose());

const get = (path: string) => call(server.url, "GET", path);
const read = async (path: string) => orderHistorySchema.parse((await get(path)).json());
async function changedThrice(): Promise<string> {
  const body = { customer_name: "Ada", product_name: "Chair" };
  const { order } = orderAnswerSchema.parse((await call(server.url, "POST", "/api/orders", { body })).json());
  const path = `/api/orders/${order.id}`;
  await call(server.url, "PATCH", path, { body: { status: "shipped" } });
  await call(server.url, "DELETE", path);
  return `${path}/history`;
}

describe("GET /api/orders/:id/history", () => {
  it("answers the order's changes, newest first, and pages by `next`", async () => {
    const path = await changedThrice();
    const whole = await read(path);
    expect(whole.changes.map(({ op }) => op)).toEqual(["delete", "update", "insert"]);
    expect(whole.next).toBeNull();
    const first = await read(`${path}?limit=2`);
    expect(first.changes).toEqual(whole.changes.slice(0, 2));
    const second = await read(`${path}?limit=2&after=${first.next ?? ""}`);
    expect(second).toMatchObject({ changes: whole.changes.slice(2), next: null });
  });

  it("of an id that no order has had is empty, and says since when it would tell", async () => {
    const { changes, next, position, since } = await read("/api/orders/2147483647/history");
    expect([changes, next]).toEqual([[], null]);
    expect(position).not.toBeNull();
    expect(since).not.toBeNull();
  });

  it("refuses an id that no order can have, wrong limits, other parameters and another order's `after`", async () => {
    const path = await changedThrice();
    const { next } = await read(`${path}?limit=1`);
    for (const [wrong, field] of [
      ["/api/orders/0/history", "id"],
      [`${path}?limit=0`, "limit"],
      [`${path}?limit=501`, "limit"],
      [`${path}?limit=1&limit=1`, "limit"],
      [`${path}?before=1`, "before"],
      [`${path}?after=`, "after"],
      [`${path}?after=nonsense`, "after"],
      [`/api/orders/77/history?after=${next ?? ""}`, "after"],
    ] as const) {
      const answer = await get(wrong);
      expect([wrong, answer.problem().slug, answer.problem().errors?.[0]?.path]).toEqual([
        wrong,
        "validation",
        field,
      ]);
    }
    expect((await call(server.url, "POST", path)).problem().slug).toBe("method-not-allowed");
  });

  it("is 503 while the database is away", async () => {
    server.database.setAway(true);
    const answer = await get("/api/orders/1/history");
    server.database.setAway(false);
    expect(answer.problem().slug).toBe("unavailable");
  });

  it("is a method of the client", async () => {
    const path = await changedThrice();
    const id = Number(path.split("/")[3]);
    const result = await createOrdersApi({ baseUrl: server.url }).history(id, { limit: 1 });
    expect(result).toMatchObject({ value: { changes: [{ op: "delete", id }] } });
  });
});
