import { createOrdersApi } from "@live-orders/client/orders-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startOnMemory } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";

let server: Awaited<ReturnType<typeof startOnMemory>>;
beforeAll(async () => {
  server = await startOnMemory();
});
afterAll(() => server.dispose());

const valueOf = <T>(result: { ok: true; value: T } | { ok: false; error: { kind: string } }): T => {
  if (result.ok) return result.value;
  throw new Error(result.error.kind);
};

it("gives the cursor of a time: every change since then follows it", async () => {
  const api = createOrdersApi({ baseUrl: server.url });
  const create = async (name: string) => {
    valueOf(await api.create({ customer_name: name, product_name: "Chair" }));
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  await create("before");
  const since = new Date().toISOString();
  await create("first");
  await create("second");
  const place = valueOf(await api.cursorSince(since));
  expect(place).toMatchObject({ since, cut: null });
  const { changes } = valueOf(await api.changes({ after: place.cursor }));
  expect(changes.map(({ after }) => after?.customer_name)).toEqual(["first", "second"]);
  const all = valueOf(await api.cursorSince(new Date(0).toISOString()));
  expect(valueOf(await api.changes({ after: all.cursor })).changes).toHaveLength(3);
});

it.each(["", "?since=nine", "?since=2026-01-01", "?at=2026-01-01T00:00:00.000Z"])(
  "refuses %s",
  async (query) => {
    const answer = await call(server.url, "GET", `/api/changes/cursor${query}`);
    expect(answer.problem().slug).toBe("validation");
  },
);
