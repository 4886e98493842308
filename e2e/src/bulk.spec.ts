import { expect } from "@playwright/test";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test("x and shift-click select a range, which is moved and deleted at once, and undone as others see", async ({
  context,
  server,
}) => {
  await server.createMany(6, (n) => ({ customer_name: `Customer ${n}`, status: "pending" }));
  const mine = await new OrdersPage(await context.newPage()).open();
  const theirs = await new OrdersPage(await context.newPage()).open();
  await mine.page.bringToFront();
  const shipped = theirs.page.locator("[data-order-id][data-status=shipped]");
  await mine.grid.press("j");
  await mine.grid.press("x");
  await mine
    .rowsWith("Customer 3")
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  await expect(mine.selectionBar).toContainText("4 selected");
  await mine.selectionBar.getByRole("button", { name: "Move to Shipped" }).click();
  await expect(shipped).toHaveCount(4);
  await expect(mine.page.getByText("4 orders moved to Shipped")).toBeVisible();
  await mine.grid.press("z");
  await expect(shipped).toHaveCount(0);

  await mine.grid.press("Control+a");
  await mine.selectionBar.getByRole("button", { name: "Delete" }).click();
  await expect(theirs.page.getByText("No orders yet")).toBeVisible();
  await mine.page.getByRole("button", { name: "Undo" }).last().click();
  await expect(theirs.page.locator("[data-order-id]")).toHaveCount(6);
});

test("a bulk write tells which orders it did not reach, and why; they stay selected", async ({
  page,
  server,
}) => {
  const made = await server.createMany(3, (n) => ({ customer_name: `Customer ${n}` }));
  const gone = made[1]?.id ?? 0;
  const orders = await new OrdersPage(page).open();
  await page.getByRole("checkbox", { name: "Select all orders" }).check();
  await page.route("**/api/orders/bulk", async (route) => {
    await server.direct.remove(gone);
    await route.continue();
  });
  await orders.selectionBar.getByRole("button", { name: "Move to Shipped" }).click();
  await expect(page.getByText(/2 of 3 orders moved to Shipped; 1 not/)).toBeVisible();
  await page.getByRole("button", { name: "Show which" }).click();
  const list = page.getByRole("dialog", { name: "1 order not written" }).getByRole("listitem");
  await expect(list).toContainText(`#${gone}`);
  await expect(list).toContainText("the order was deleted meanwhile");
});

test("10,000 orders are moved at once: progress shows, the page stays in use, a colleague's page follows", async ({
  context,
  server,
}) => {
  const COUNT = 10_000;
  await server.createMany(COUNT, (n) => ({ customer_name: `Customer ${n}`, status: "pending" }));
  const mine = await new OrdersPage(await context.newPage()).open();
  const theirs = await new OrdersPage(await context.newPage()).open("?status=shipped");
  await mine.page.bringToFront();
  await mine.isComplete();
  await mine.page.getByRole("checkbox", { name: "Select all orders" }).check();
  await expect(mine.selectionBar).toContainText("10,000 selected");
  await mine.selectionBar.getByRole("button", { name: "Move to Shipped" }).click();

  const progress = mine.selectionBar.getByRole("progressbar");
  await expect(progress).toHaveAttribute("max", String(COUNT));
  // In the middle of it the page is in use, and the colleague's already shows the first of them.
  await expect.poll(async () => Number(await progress.getAttribute("value"))).toBeGreaterThan(0);
  await mine.search("Customer 7712");
  await expect(mine.rowsWith("Customer 7712")).toBeVisible();
  await expect(progress).toBeVisible();
  await expect(theirs.page.locator("[data-order-id]").first()).toBeVisible();

  await expect(mine.page.getByText("10,000 orders moved to Shipped")).toBeVisible({ timeout: 45_000 });
  await expect(theirs.tab("Shipped")).toHaveText("Shipped 10,000");
  await expect(theirs.grid).toHaveAttribute("aria-rowcount", String(COUNT + 1));
});
