import { createOrdersApi } from "@live-orders/client/orders-api";
import { expect, it } from "vitest";
import { runOrders } from "./orders-command.ts";
import { useServer } from "./use-server.ts";

const server = useServer();

it("replay plays past orders as live traffic: each appears as pending, ships, and is delivered", async () => {
  const api = createOrdersApi({ baseUrl: server.url });
  const start = await api.changes();
  if (!start.ok) throw new Error(start.error.kind);
  const rows = Array.from(
    { length: 30 },
    (_, index) => `c${index},p,1/${index + 1}/2020,2/${(index % 28) + 1}/2020`,
  );
  const input = ["who,what,ordered,shipped", ...rows, "never,p,2/1/2020,", "bad,p,soon,"].join("\n");
  const map = ["--map", "customer_name=who", "--map", "product_name=what"];
  const times = [
    "--ordered",
    "ordered",
    "--shipped",
    "shipped",
    "--speed",
    "30d/s",
    "--delivered-after",
    "1d",
  ];
  const end = await runOrders(["replay", "-", ...map, ...times], { url: server.url, input });
  expect(end).toMatchObject({ code: 0, stdout: "" });
  expect(end.stderr).toContain("31 ordered, 30 shipped, 30 delivered");
  expect(end.stderr).toContain("1 bad lines are left out");

  const seen = await api.changes({ after: start.value.cursor, limit: 1000 });
  if (!seen.ok) throw new Error(seen.error.kind);
  const steps = new Map<string, string[]>();
  for (const { after } of seen.value.changes) {
    if (after === null) continue;
    steps.set(after.customer_name, [...(steps.get(after.customer_name) ?? []), after.status]);
  }
  expect(steps.get("never")).toEqual(["pending"]);
  steps.delete("never");
  expect(steps.size).toBe(30);
  for (const states of steps.values()) expect(states).toEqual(["pending", "shipped", "delivered"]);
});
