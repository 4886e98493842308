import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

/** The rules that axe finds broken on what the page shows now. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const [device, width] of [
    ["desktop", 1280],
    ["phone", 390],
  ] as const) {
    test.describe(`${colorScheme}, ${device}`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 } });

      test("axe finds nothing on the first run, the table and the form", async ({ page, server }) => {
        const orders = await new OrdersPage(page).open();
        expect(await violations(page)).toEqual([]);
        for (const status of ["pending", "shipped", "delivered"] as const) await server.create({ status });
        await expect(page.locator("[data-order-id]")).toHaveCount(3);
        expect(await violations(page)).toEqual([]);
        await orders.page.getByRole("button", { name: "New order" }).first().click();
        await expect(page.locator("form")).toBeVisible();
        expect(await violations(page)).toEqual([]);
      });
    });
  }
}
