import { expect } from "@playwright/test";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

const MANY = 2500;

test("another tab or search leaves selected what it shows, however many they are", async ({
  page,
  server,
}) => {
  await server.createMany(MANY, (n) => ({
    customer_name: n % 5 === 0 ? "Ada" : "Berg",
    status: n % 2 === 0 ? "pending" : "shipped",
  }));
  const orders = await new OrdersPage(page).open();
  await orders.isComplete();
  await page.getByRole("checkbox", { name: "Select all orders" }).check();
  await expect(orders.selectionBar).toContainText("2,500 selected");

  await orders.tab("Pending").click();
  await expect(orders.selectionBar).toContainText("1,250 selected");
  await orders.search("Ada");
  await expect(orders.selectionBar).toContainText("250 selected");
  await page.keyboard.press("Escape");
  await orders.tab("All").click();
  await expect(orders.selectionBar).toContainText("250 selected");
});

test("an order that a colleague deletes is not selected any more", async ({ page, server }) => {
  const one = await server.create({});
  const two = await server.create({});
  const orders = await new OrdersPage(page).open();
  for (const { id } of [one, two]) await orders.row(id).getByRole("checkbox").check();
  await server.direct.remove(one.id);
  await expect(orders.selectionBar).toContainText("1 selected");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test("a card that is held down is selected, touches select more, and all are moved at once", async ({
    page,
    server,
  }) => {
    const [first, second, third] = await server.createMany(3, (n) => ({ customer_name: `Customer ${n}` }));
    if (first === undefined || second === undefined || third === undefined) throw new Error("no orders");
    const orders = await new OrdersPage(page).open();
    await orders.holdDown(first.id);
    await expect(orders.selectionBar).toContainText("1 selected");
    await expect(orders.form).toHaveCount(0);
    await orders.row(second.id).tap({ position: { x: 120, y: 20 } });
    await expect(orders.selectionBar).toContainText("2 selected");
    await orders.selectionBar.getByRole("button", { name: "Move to Shipped" }).tap();
    await expect(page.locator("[data-order-id][data-status=shipped]")).toHaveCount(2);
    await expect(orders.selectionBar).toHaveCount(0);
    await orders.row(third.id).tap({ position: { x: 120, y: 20 } });
    await expect(orders.form).toBeVisible();
  });

  test("a button begins and ends selecting, for those who cannot hold down", async ({ page, server }) => {
    const { id } = await server.create({});
    const orders = await new OrdersPage(page).open();
    const begin = page.getByRole("button", { name: "Select orders" });
    await begin.tap();
    await orders.row(id).getByRole("checkbox").tap();
    await expect(orders.selectionBar).toContainText("1 selected");
    await expect(orders.row(id)).toHaveAttribute("aria-selected", "true");
    await begin.tap();
    await expect(orders.selectionBar).toHaveCount(0);
    await expect(orders.row(id).getByRole("checkbox")).toBeHidden();
  });
});
