import { orderSchema } from "@live-orders/protocol/order";
import { describe, expect, it } from "vitest";
import { jsonLines, runOrders, startOrders } from "./orders-command.ts";
import { useServer } from "./use-server.ts";

const server = useServer();
const orders = (...args: string[]) => runOrders(args, { url: server.url });
const ordersIn = (text: string) => jsonLines(text).map((line) => orderSchema.parse(line));

async function create(customer: string, status = "pending") {
  const { stdout } = await orders(
    "create",
    "--customer",
    customer,
    "--product",
    "p",
    "--status",
    status,
    "--json",
  );
  const [order] = ordersIn(stdout);
  if (order === undefined) throw new Error("nothing was created");
  return order;
}

describe("the terminal client", () => {
  it("creates, shows, edits, lists and deletes orders, data on stdout only", async () => {
    const order = await create("Claire");
    const id = String(order.id);
    expect(ordersIn((await orders("get", id, "--json")).stdout)).toEqual([order]);
    const edited = await orders("edit", id, "--status", "shipped", "--json");
    expect(ordersIn(edited.stdout)[0]).toMatchObject({ id: order.id, status: "shipped" });
    const listed = await orders("list", "--status", "shipped");
    expect(listed).toMatchObject({ code: 0, stderr: "" });
    expect(listed.stdout.split("\t").slice(0, 4)).toEqual([id, "Claire", "p", "shipped"]);
    expect(await orders("delete", id)).toMatchObject({ code: 0 });
    expect(await orders("get", id)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: `orders: There is no order ${id}\n`,
    });
    expect(await server.stored()).toEqual([]);
  });

  it("exports what it imports: NDJSON exactly, CSV safe from formulas", async () => {
    const order = await create("=cmd()");
    await create("plain", "delivered");
    const exact = await orders("export", "--format", "ndjson");
    expect(ordersIn(exact.stdout)).toEqual(await server.stored());
    const csv = await orders("export");
    expect(csv.stdout).toContain(`${order.id},'=cmd(),p,pending,`);
    const back = await runOrders(["import", "-", "--formulas-escaped"], {
      url: server.url,
      input: csv.stdout,
    });
    expect(back.stderr).toContain("0 put in, 2 there already, 0 bad");
  });

  it("pages through long lists", async () => {
    const rows = Array.from({ length: 1200 }, (_, index) => `${index + 1},c,p`);
    const input = ["id,customer_name,product_name", ...rows].join("\n");
    await runOrders(["import", "-"], { url: server.url, input });
    const { stdout } = await orders("export", "--format", "ndjson");
    expect(ordersIn(stdout).map(({ id }) => id)).toEqual(rows.map((_, index) => index + 1));
    expect(ordersIn((await orders("list", "--limit", "600", "--json")).stdout)).toHaveLength(600);
  });
});

describe("the exit code", () => {
  it.each([
    [0, ["--help"]],
    [0, ["help", "import"]],
    [1, ["list", "--url", "http://127.0.0.1:9"]],
    [1, ["tail", "--json", "--url", "http://127.0.0.1:9"]],
    [2, []],
    [2, ["nonsense"]],
    [2, ["get", "abc"]],
    [2, ["create", "--customer", "a"]],
    [2, ["create", "--customer", " ", "--product", "p"]],
    [2, ["edit", "1"]],
    [2, ["list", "--status", "lost"]],
    [2, ["list", "--url", "nowhere"]],
    [2, ["import", "x.csv", "--status", "pending", "--shipped-after", "x"]],
    [2, ["replay", "x.csv", "--ordered", "a", "--shipped", "b", "--speed", "fast"]],
  ])("is %d for %j", async (code, args) => {
    const end = await runOrders(args, { url: server.url });
    expect(end.code).toBe(code);
    if (code === 0) expect(end.stdout).toContain("Usage: orders");
    else expect(end.stdout).toBe("");
    if (code === 1) expect(end.stderr).toMatch(/^orders: .*127\.0\.0\.1:9 can't be reached.*\n$/);
  });

  it.each([
    [0, ["list"]],
    [1, ["get", "1"]],
    [2, ["get", "abc"]],
  ])("is %d for %j as a person types it, too", async (code, args) => {
    expect((await startOrders(args, { url: server.url, asTyped: true }).end).code).toBe(code);
  });
});
