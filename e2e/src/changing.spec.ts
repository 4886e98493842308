import { expect } from "@playwright/test";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test("each cell is edited in place; what will not do stays open and says why", async ({ page, server }) => {
  const { id } = await server.create({ customer_name: "Ada", product_name: "Desk" });
  const orders = await new OrdersPage(page).open();
  const customer = await orders.editCell(id, "customer_name");
  await customer.fill(" ");
  await customer.press("Enter");
  await expect(orders.row(id).getByRole("alert")).toHaveText(/must not be empty/i);
  await customer.press("Escape");
  await expect(orders.cell(id, "customer_name")).toHaveText("Ada");
  await (await orders.editCell(id, "customer_name")).fill("Ada L");
  await page.keyboard.press("Enter");
  await expect(orders.cell(id, "customer_name")).toHaveText("Ada L");

  // By the keyboard: the cell that it stands on.
  await orders.cell(id, "product_name").click();
  await orders.grid.press("F2");
  await page.keyboard.type("Oak desk");
  await page.keyboard.press("Enter");
  await expect(orders.cell(id, "product_name")).toHaveText("Oak desk");
  await expect(orders.grid).toBeFocused();

  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Pending" })).toBeFocused();
  await page.keyboard.press("s");
  await page.keyboard.press("Enter");
  await expect(orders.row(id)).toHaveAttribute("data-status", "shipped");
  await expect(orders.grid).toBeFocused();
});

test("a new order and an edit go through the drawer beside the table, which stays in use", async ({
  context,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Ada", product_name: "Desk" });
  const mine = await new OrdersPage(await context.newPage()).open();
  const theirs = await new OrdersPage(await context.newPage()).open();
  await mine.page.bringToFront();
  await mine.grid.press("n");
  await expect(mine.customerField).toBeFocused();
  await mine.form.getByRole("button", { name: "Create order" }).click();
  await expect(mine.form.getByText("Must not be empty").first()).toBeVisible();
  await mine.customerField.fill("Berg");
  await mine.form.getByLabel("Product", { exact: true }).fill("Lamp");
  await mine.form.getByLabel("Status").selectOption("Shipped");
  await mine.customerField.press("Enter");
  await expect(mine.form).toHaveCount(0);
  await expect(theirs.rowsWith("Berg")).toContainText("Shipped");

  await mine.openForm(id);
  await mine.tab("Pending").click();
  await expect(mine.rowsWith("Berg")).toHaveCount(0);
  await mine.customerField.fill("Ada L");
  await mine.save();
  await expect(theirs.row(id)).toContainText("Ada L");
  await mine.openForm(id);
  await mine.form.getByRole("button", { name: "Delete" }).click();
  await expect(theirs.row(id)).toHaveCount(0);
});

test("every change is undone by its toast or by z, as a change that a colleague sees", async ({
  context,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Ada" });
  const mine = await new OrdersPage(await context.newPage()).open();
  const theirs = await new OrdersPage(await context.newPage()).open();
  await mine.page.bringToFront();
  const undo = mine.page.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Undo" });

  await mine.rename(id, "Changed");
  await expect(theirs.row(id)).toContainText("Changed");
  await undo.last().click();
  await expect(theirs.row(id)).toContainText("Ada");

  await mine.move(id, "Delivered");
  await expect(theirs.row(id)).toContainText("Delivered");
  await mine.grid.press("z");
  await expect(theirs.row(id)).toContainText("Pending");

  await mine.remove(id);
  await expect(theirs.row(id)).toHaveCount(0);
  await mine.grid.press("z");
  await expect(theirs.row(id)).toContainText("Ada");

  await mine.create({ customer: "Made", product: "Lamp" });
  await expect(theirs.rowsWith("Made")).toHaveCount(1);
  await mine.grid.press("z");
  await expect(theirs.rowsWith("Made")).toHaveCount(0);
});
