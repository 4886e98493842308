import { expect } from "@playwright/test";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test("sample orders can be undone, apart from one that a colleague has changed", async ({ page, server }) => {
  const orders = await new OrdersPage(page).open();
  await page.getByRole("button", { name: "Make sample orders" }).click();
  await expect(orders.tab("All")).toContainText("200");
  const id = Number(await page.locator("[data-order-id]").first().getAttribute("data-order-id"));
  await server.direct.update(id, { customer_name: "Kept" });
  await expect(orders.row(id)).toContainText("Kept");
  await orders.grid.press("z");
  await expect(page.getByText(/199 of 200 orders deleted again; 1 not/)).toBeVisible();
  await expect(orders.tab("All")).toContainText(/All 1$/);
});
