import { expect, type Page } from "@playwright/test";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

const glowsOf = (orders: OrdersPage, id: number) => orders.row(id).locator("[data-glow]");

/** How far from the top of the window the order's row stands, in px. */
const topOf = async (orders: OrdersPage, id: number): Promise<number> =>
  (await orders.row(id).boundingBox())?.y ?? Number.NaN;

const animationOf = (page: Page) =>
  page
    .locator("[data-glow]")
    .first()
    .evaluate((glow) => {
      const { animationDuration, animationTimingFunction } = getComputedStyle(glow);
      return { animationDuration, animationTimingFunction };
    });

test("a cell that others changed glows for 1.5 s, it alone, and not for the person who changed it", async ({
  context,
  server,
}) => {
  const { id } = await server.create({});
  const mine = await new OrdersPage(await context.newPage()).open();
  const theirs = await new OrdersPage(await context.newPage()).open();
  await theirs.page.bringToFront();
  const cell = await mine.editCell(id, "product_name");
  await cell.fill("Chair");
  await cell.press("Enter");
  await expect(theirs.cell(id, "product_name").locator("[data-glow]")).toBeAttached();
  expect(await animationOf(theirs.page)).toMatchObject({ animationDuration: "1.5s" });
  await expect(glowsOf(theirs, id)).toHaveCount(1);
  await expect(mine.row(id)).toContainText("Chair");
  await expect(glowsOf(mine, id)).toHaveCount(0);
});

test.describe("where less motion is wanted", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });
  test("the tint of a changed cell stands still and goes", async ({ page, server }) => {
    const { id } = await server.create({});
    const orders = await new OrdersPage(page).open();
    await server.direct.update(id, { product_name: "Chair" });
    await expect(glowsOf(orders, id)).toBeAttached();
    expect(await animationOf(page)).toEqual({
      animationDuration: "1.5s",
      animationTimingFunction: "steps(1)",
    });
  });
});

test("new orders flow in at the top while nobody touches the list, and wait behind a pill while somebody does", async ({
  page,
  server,
}) => {
  const [first] = await server.createMany(40, (n) => ({ customer_name: `Customer ${n}` }));
  if (first === undefined) throw new Error("no orders");
  const orders = await new OrdersPage(page).open();
  const pill = page.getByTestId("new-orders");
  const { id: flowing } = await server.create({ customer_name: "Flows in" });
  await expect(page.locator("[data-order-id]").first()).toHaveAttribute("data-order-id", String(flowing));
  await expect(pill).toHaveCount(0);

  const under = orders.rowsWith("Customer 35");
  const id = Number(await under.getAttribute("data-order-id"));
  await under.hover();
  await expect(orders.grid).toHaveAttribute("data-held", "true");
  const before = await topOf(orders, id);
  await server.create({ customer_name: "Waits" });
  await server.direct.update(first.id, { product_name: "Comes to the top" });
  await server.direct.update(id, { product_name: "Stays" });
  await expect(pill).toHaveText("1 new order");
  await expect(orders.row(id)).toContainText("Stays");
  expect(await topOf(orders, id)).toBe(before);
  await expect(orders.rowsWith("Waits")).toHaveCount(0);

  await pill.click();
  await expect(orders.rowsWith("Waits")).toBeVisible();
  await page.mouse.move(5, 5);
  await expect(orders.grid).not.toHaveAttribute("data-held", "true");
});

test("a list is let go by a pointer that goes off at once from where the pill was", async ({
  page,
  server,
}) => {
  await server.createMany(40, (n) => ({ customer_name: `Customer ${n}` }));
  const orders = await new OrdersPage(page).open();
  for (let round = 0; round < 6; round += 1) {
    await page.locator("[data-order-id]").nth(5).hover();
    await expect(orders.grid).toHaveAttribute("data-held", "true");
    await server.create({ customer_name: "Waits" });
    await page.getByTestId("new-orders").click();
    await page.mouse.move(5, 5);
    await expect(orders.grid).not.toHaveAttribute("data-held", "true");
  }
});

test("a list that is scrolled, selected in or edited in is held still", async ({ page, server }) => {
  await server.createMany(40, (n) => ({ customer_name: `Customer ${n}` }));
  const orders = await new OrdersPage(page).open();
  const held = expect(orders.grid);
  const id = Number(await page.locator("[data-order-id]").nth(2).getAttribute("data-order-id"));
  await orders.scrollTo(200);
  await held.toHaveAttribute("data-held", "true");
  await orders.scrollTo(0);
  await held.not.toHaveAttribute("data-held", "true");
  await orders.row(id).getByRole("checkbox").check();
  await page.mouse.move(5, 5);
  await held.toHaveAttribute("data-held", "true");
  await page.keyboard.press("Escape");
  await held.not.toHaveAttribute("data-held", "true");
  const cell = await orders.editCell(id, "customer_name");
  await page.mouse.move(5, 5);
  await held.toHaveAttribute("data-held", "true");
  await cell.press("Escape");
  await held.not.toHaveAttribute("data-held", "true");
});

test("focus, selection, scroll and what is half typed survive a storm of changes", async ({
  page,
  server,
}) => {
  const made = await server.createMany(300, (n) => ({ customer_name: `Customer ${n}` }));
  const orders = await new OrdersPage(page).open();
  await orders.isComplete();
  await orders.scrollTo(3000);
  // In the middle of what is shown now, not of what was before the page followed the scroll.
  const row = page.locator('[data-order-id][aria-rowindex="90"]');
  const id = Number(await row.getAttribute("data-order-id"));
  await orders.row(id).getByRole("checkbox").check();
  const cell = await orders.editCell(id, "customer_name");
  await cell.fill("Half ty");
  await cell.evaluate((field: HTMLInputElement) => {
    field.setSelectionRange(2, 4);
  });
  await Promise.all(made.slice(0, 100).map((order) => server.direct.update(order.id, { status: "shipped" })));
  await server.createMany(20, () => ({ customer_name: "New" }));
  await server.direct.update(id, { product_name: "Theirs", status: "delivered" });

  await expect(page.getByTestId("new-orders")).toHaveText("20 new orders");
  await expect(orders.row(id)).toContainText("Theirs");
  await expect(cell).toBeFocused();
  await expect(cell).toHaveValue("Half ty");
  expect(
    await cell.evaluate((field: HTMLInputElement) => [field.selectionStart, field.selectionEnd]),
  ).toEqual([2, 4]);
  await expect(orders.row(id)).toHaveAttribute("aria-selected", "true");
  expect(await orders.grid.evaluate((grid) => grid.scrollTop)).toBe(3000);
});

test("a row that leaves the tab fades with a word where it went", async ({ page, server }) => {
  const [one, two, three] = await server.createMany(3, () => ({ status: "pending" }));
  if (one === undefined || two === undefined || three === undefined) throw new Error("no orders");
  const orders = await new OrdersPage(page).open("?status=pending");
  await expect(orders.row(three.id)).toBeVisible();
  await server.direct.update(one.id, { status: "shipped" });
  await expect(orders.departed(one.id)).toContainText("→ Shipped");
  await server.direct.remove(two.id);
  await expect(orders.departed(two.id)).toContainText("Deleted");
  await expect(page.locator("[data-departed-id]")).toHaveCount(0);
  await expect(page.locator("[data-order-id]")).toHaveCount(1);
});
