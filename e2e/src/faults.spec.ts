import { startTcpProxy } from "@live-orders/testkit/tcp-proxy";
import { expect } from "@playwright/test";
import { test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test("a tab that was cut off during 200 changes catches up without a reload and without asking for the list again", async ({
  page,
  server,
}) => {
  const order = await server.create({ customer_name: "Claire Gute", status: "pending" });
  const proxy = await startTcpProxy({ port: Number(new URL(server.api.url).port) });
  try {
    await page.goto(`http://127.0.0.1:${proxy.port}/`);
    const orders = new OrdersPage(page);
    await orders.isLive();
    await expect(orders.row(order.id)).toBeVisible();

    proxy.refuse();
    proxy.cut();
    await expect(orders.connection).not.toHaveAttribute("data-state", "live");
    for (let n = 1; n <= 100; n += 1) {
      await server.direct.update(order.id, { product_name: `Bookcase ${n}` });
      await server.direct.insert(10_000 + n, {
        customer_name: `Away ${n}`,
        product_name: "Chair",
        status: "pending",
      });
    }
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    proxy.allow();

    await orders.isLive();
    await expect(orders.row(order.id)).toContainText("Bookcase 100");
    await expect(orders.tab("All")).toContainText("101");
    await expect(orders.row(10_100)).toBeVisible();
    expect(asked.filter((url) => /\/api\/orders(\?|$)/.test(url))).toEqual([]);
  } finally {
    await proxy.close();
  }
});

test("two tabs live through the death of the API and see what happened meanwhile", async ({
  context,
  server,
}) => {
  const order = await server.create({ customer_name: "Claire Gute", status: "pending" });
  const one = await new OrdersPage(await context.newPage()).open();
  const two = await new OrdersPage(await context.newPage()).open();

  await server.api.kill("SIGKILL");
  await expect(one.connection).not.toHaveAttribute("data-state", "live");
  await server.direct.update(order.id, { customer_name: "Claire G." });
  await server.api.start();

  for (const tab of [one, two]) {
    await tab.isLive();
    await expect(tab.row(order.id)).toContainText("Claire G.");
  }
  await one.move(order.id, "Shipped");
  await expect(two.row(order.id)).toContainText("Shipped");
});

test("an edit that is refused rolls back and says why", async ({ page, server }) => {
  const order = await server.create({ customer_name: "Claire Gute", status: "pending" });
  const orders = await new OrdersPage(page).open();
  await page.route(`${server.api.url}/api/orders/${order.id}`, async (route) => {
    if (route.request().method() !== "PATCH") return route.fallback();
    return route.fulfill({
      status: 400,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "urn:live-orders:validation",
        title: "The request is not valid",
        status: 400,
        detail: "Orders may not ship today.",
        requestId: "test",
        errors: [{ path: "status", message: "may not ship today" }],
      }),
    });
  });
  await orders.move(order.id, "Shipped");
  await expect(page.getByText(/may not ship today/i).first()).toBeVisible();
  await expect(orders.row(order.id)).toContainText("Pending");
  await expect(orders.row(order.id)).not.toContainText("Shipped");
});

test("an edit of what a colleague has just changed shows mine and theirs, and the person chooses", async ({
  page,
  server,
}) => {
  const order = await server.create({ customer_name: "Claire Gute", status: "pending" });
  const orders = await new OrdersPage(page).open();
  await orders.openForm(order.id);
  const customer = page.locator("form").getByLabel("Customer", { exact: true });
  await customer.fill("Mine");
  await server.direct.update(order.id, { customer_name: "Theirs" });
  await expect(orders.row(order.id)).toContainText("Theirs");
  await expect(customer).toHaveValue("Mine");

  const choice = page.getByRole("group", { name: /theirs/ });
  await expect(choice).toContainText("Mine");
  await expect(choice).toContainText("Theirs");
  await choice.getByRole("button", { name: "Keep mine" }).click();
  await page.locator("form").getByRole("button", { name: "Save" }).click();
  await expect.poll(() => server.direct.customerOf(order.id)).toBe("Mine");
  await expect(orders.row(order.id)).toContainText("Mine");
});

test("history that was lost leads to a fresh list and a word about it", async ({ page, server }) => {
  const order = await server.create({ customer_name: "Claire Gute", status: "pending" });
  const orders = await new OrdersPage(page).open();
  await expect(orders.row(order.id)).toBeVisible();

  await server.api.kill("SIGKILL");
  await expect(orders.connection).not.toHaveAttribute("data-state", "live");
  // Another collection under the same name: no history reaches over it.
  await server.direct.dropOrders();
  await server.api.start();
  await server.create({ customer_name: "Brosina Hoffman" });

  await orders.isLive();
  await expect(orders.rowsWith("Brosina Hoffman")).toBeVisible();
  await expect(orders.rowsWith("Claire Gute")).toHaveCount(0);
  await expect(page.getByText(/history|afresh|read again/i).first()).toBeVisible();
});
