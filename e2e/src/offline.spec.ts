import { expect } from "@playwright/test";
import { lineOf } from "./api-line.ts";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test("changes made without a connection wait in sight, survive a reload, and go out in order and once", async ({
  page,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Ada", status: "pending" });
  const line = await lineOf(page);
  const orders = await new OrdersPage(page).open();
  await orders.isWarm();
  await line.cut();
  await expect(orders.connection).toHaveAttribute("data-state", "reconnecting");

  await orders.move(id, "Shipped");
  await expect(orders.row(id)).toContainText("Shipped");
  await expect(orders.row(id)).toContainText("Waiting");
  await orders.move(id, "Delivered");
  await orders.create({ customer: "Made offline", product: "Lamp" });
  await expect(orders.connection).toContainText("2 waiting");

  await page.reload();
  await expect(orders.connection).toContainText("2 waiting");
  await expect(orders.rowsWith("Made offline")).toContainText("Waiting");
  line.mend();
  await orders.isLive();
  await expect(orders.connection).not.toContainText("waiting");
  await expect(orders.row(id)).toContainText("Delivered");
  await expect(orders.rowsWith("Made offline")).toHaveCount(1);
  expect(await server.direct.countOf("Made offline")).toBe(1);
  // The history is written by a reader of its own, a little after the page has the change.
  await expect
    .poll(async () => {
      const history = await (await fetch(`${server.api.url}/api/orders/${id}/history`)).text();
      return [...history.matchAll(/"after":\{[^}]*"status":"(\w+)"/g)].map(([, status]) => status);
    })
    .toEqual(["delivered", "shipped", "pending"]);
});

test("a write whose answer was lost is repeated, and made once", async ({ page, server }) => {
  const orders = await new OrdersPage(page).open();
  const keys: (string | undefined)[] = [];
  await page.route(/\/api\/orders$/, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.fallback();
    await route.fetch();
    return route.abort();
  });
  await orders.create({ customer: "Once", product: "Lamp" });
  await expect.poll(() => keys.length).toBeGreaterThan(1);
  await expect(orders.rowsWith("Once")).not.toContainText(/Waiting|Creating/);
  await expect(orders.rowsWith("Once")).toHaveCount(1);
  expect(await server.direct.countOf("Once")).toBe(1);
  expect(new Set(keys).size).toBe(1);
});

test("a write that is refused when the connection is back does not keep the others from being made", async ({
  page,
  server,
}) => {
  const [gone, stays] = await server.createMany(2, (n) => ({ customer_name: `Customer ${n}` }));
  if (gone === undefined || stays === undefined) throw new Error("no orders");
  const line = await lineOf(page);
  const orders = await new OrdersPage(page).open();
  await expect(orders.row(stays.id)).toBeVisible();
  await orders.isWarm();
  await line.cut();
  await expect(orders.connection).toHaveAttribute("data-state", "reconnecting");
  await orders.move(gone.id, "Shipped");
  await orders.move(stays.id, "Shipped");
  await expect(orders.connection).toContainText("2 waiting");
  await server.direct.remove(gone.id);
  line.mend();
  await expect(page.getByText(/was not saved: the order was deleted meanwhile/)).toBeVisible();
  await expect(orders.row(stays.id)).toHaveAttribute("data-status", "shipped");
  await expect(orders.connection).not.toContainText("waiting");
  await expect(orders.row(gone.id)).toHaveCount(0);
});

test("orders that are selected without a connection are moved when it is back", async ({ page, server }) => {
  await server.createMany(3, () => ({ status: "pending" }));
  const line = await lineOf(page);
  const orders = await new OrdersPage(page).open();
  await expect(page.locator("[data-order-id]")).toHaveCount(3);
  await orders.isWarm();
  await line.cut();
  await expect(orders.connection).toHaveAttribute("data-state", "reconnecting");
  await page.getByRole("checkbox", { name: "Select all orders" }).check();
  await orders.selectionBar.getByRole("button", { name: "Move to Shipped" }).click();
  await expect(orders.connection).toContainText("3 waiting");
  line.mend();
  await expect(orders.tab("Shipped")).toHaveText("Shipped 3");
  await expect(orders.connection).not.toContainText("waiting");
});
