import { expect } from "@playwright/test";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test("the table is a grid that says how long it is and where one stands", async ({ page, server }) => {
  await server.createMany(60, (n) => ({ customer_name: `Customer ${n}` }));
  const orders = await new OrdersPage(page).open();
  await orders.isComplete();
  await expect(orders.grid).toHaveAttribute("aria-rowcount", "61");
  await expect(orders.grid).toHaveAttribute("aria-colcount", "7");
  await expect(orders.rowsWith("Customer 60")).toHaveAttribute("aria-rowindex", "2");
  // Read at once: a cell far off is named only when it has been scrolled to.
  const standsOn = () =>
    orders.grid.evaluate((grid) => {
      const cell = document.getElementById(grid.getAttribute("aria-activedescendant") ?? "");
      return [Number(cell?.parentElement?.getAttribute("aria-rowindex")), cell?.getAttribute("data-field")];
    });
  await orders.grid.press("j");
  await orders.grid.press("j");
  await expect.poll(standsOn).toEqual([3, "customer_name"]);
  await orders.grid.press("ArrowRight");
  await expect.poll(standsOn).toEqual([3, "product_name"]);
  // With Ctrl a letter is another key: this one is the palette's.
  await orders.grid.press("Control+k");
  await expect(page.getByRole("combobox", { name: "Command or order" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect.poll(standsOn).toEqual([3, "product_name"]);
  await orders.grid.press("k");
  await expect.poll(standsOn).toEqual([2, "product_name"]);
  await orders.grid.press("Control+End");
  await expect.poll(standsOn).toEqual([61, "product_name"]);
  await expect(orders.rowsWith("Customer 1").last()).toBeInViewport();
});

test("single letters do what the help says, outside of fields", async ({ page, server }) => {
  const { id } = await server.create({ customer_name: "Ada" });
  const orders = await new OrdersPage(page).open();
  await expect(orders.row(id)).toBeVisible();
  // From anywhere on the page: the grid need not have the focus.
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(orders.row(id)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Escape");
  await expect(orders.row(id)).toHaveAttribute("aria-selected", "false");
  await page.keyboard.press("e");
  await expect(page.getByRole("dialog", { name: `Order #${id}` })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: `Order #${id}` })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  // In a field letters are letters.
  await expect(orders.customerField).toBeFocused();
  await page.keyboard.type("nxz?");
  await expect(orders.customerField).toHaveValue("nxz?");
  await page.keyboard.press("Escape");
  await expect(orders.form).toHaveCount(0);
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page).toHaveURL(/\/activity$/);
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(orders.row(id)).toBeVisible();
});

test("single letters can be switched off, for good, and the other keys go on", async ({ page, server }) => {
  const { id } = await server.create({});
  const orders = await new OrdersPage(page).open();
  await expect(orders.row(id)).toBeVisible();
  const openHelp = page.getByRole("button", { name: /^Keyboard shortcuts/ });
  await openHelp.click();
  const option = page.getByRole("checkbox", { name: "Single letters work as shortcuts" });
  await option.uncheck();
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(orders.row(id)).toBeVisible();
  await page.keyboard.press("n");
  await page.keyboard.press("?");
  await orders.grid.press("j");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(orders.grid).not.toHaveAttribute("aria-activedescendant", /./);
  await orders.grid.press("ArrowDown");
  await orders.grid.press("Enter");
  await expect(page.getByRole("dialog", { name: `Order #${id}` })).toBeVisible();
  await page.keyboard.press("Escape");
  await openHelp.click();
  await option.check();
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await expect(page.getByRole("dialog", { name: "New order" })).toBeVisible();
});
