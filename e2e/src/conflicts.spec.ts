import { expect } from "@playwright/test";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test("edits of different fields merge, from the drawer and from the cell", async ({ page, server }) => {
  const { id } = await server.create({ customer_name: "Claire Gute", product_name: "Bookcase" });
  const orders = await new OrdersPage(page).open();
  await orders.openForm(id);
  await orders.customerField.fill("Mine");
  await server.direct.update(id, { product_name: "Theirs" });
  await expect(orders.form.getByLabel("Product", { exact: true })).toHaveValue("Theirs");
  await expect(orders.customerField).toHaveValue("Mine");
  await orders.save();
  await expect(orders.row(id)).toContainText("Mine");
  await expect(orders.row(id)).toContainText("Theirs");

  const cell = await orders.editCell(id, "customer_name");
  await cell.fill("Mine again");
  await server.direct.update(id, { product_name: "Theirs again" });
  await expect(orders.row(id)).toContainText("Theirs again");
  await cell.press("Enter");
  await expect.poll(() => server.direct.customerOf(id)).toBe("Mine again");
  await expect(orders.row(id)).toContainText("Theirs again");
});

test("the same field shows mine and theirs with the time of each, and which is newer", async ({
  page,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Claire Gute" });
  const orders = await new OrdersPage(page).open();
  await orders.openForm(id);
  await orders.customerField.fill("Mine");
  await server.direct.update(id, { customer_name: "Theirs" });

  await expect(orders.conflict).toContainText("Theirs is newer");
  await expect(orders.conflict.locator("time")).toHaveCount(2);
  const theirsAt = await orders.conflict.locator("[data-newer] time").getAttribute("datetime");

  // Another field of theirs is newer still; this one is not.
  await server.direct.update(id, { product_name: "Chair" });
  await expect(orders.form.getByLabel("Product", { exact: true })).toHaveValue("Chair");
  await expect(orders.conflict.locator("[data-newer] time")).toHaveAttribute("datetime", theirsAt ?? "");

  await orders.customerField.pressSequentially("!");
  await expect(orders.conflict).toContainText("Yours is newer");
  await orders.conflict.getByRole("button", { name: "Take theirs" }).click();
  await expect(orders.customerField).toHaveValue("Theirs");
  await expect(orders.conflict).toHaveCount(0);
});

test("a cell that a colleague changed while it was typed into is a conflict, and not written over", async ({
  page,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Claire Gute" });
  const orders = await new OrdersPage(page).open();
  const cell = await orders.editCell(id, "customer_name");
  await cell.fill("Mine");
  await server.direct.update(id, { customer_name: "Theirs" });
  await expect(orders.row(id).getByText("Somebody else made it “Theirs”")).toBeVisible();
  await expect(cell).toHaveValue("Mine");
  await cell.press("Enter");

  await page.getByRole("button", { name: "Review" }).click();
  await expect(orders.conflict).toContainText("Yours is newer");
  expect(await server.direct.customerOf(id)).toBe("Theirs");
  await orders.conflict.getByRole("button", { name: "Keep mine" }).click();
  await orders.save();
  await expect.poll(() => server.direct.customerOf(id)).toBe("Mine");
});
