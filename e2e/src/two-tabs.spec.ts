import { expect, type Page } from "@playwright/test";
import { test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test.beforeEach(async ({ server }) => {
  // A page without any order shows its first-run state; these tests are about the table.
  await server.create({
    customer_name: "Irene Maddox",
    product_name: "Binding Machine",
    status: "delivered",
  });
});

test("two tabs see each other's create, edit, status move and delete", async ({ context }) => {
  const one = await new OrdersPage(await context.newPage()).open();
  const two = await new OrdersPage(await context.newPage()).open();

  await one.create({ customer: "Darrin Van Huff", product: "Labels" });
  await expect(two.rowsWith("Darrin Van Huff")).toHaveCount(1);
  await expect(one.rowsWith("Darrin Van Huff")).toHaveCount(1);
  const id = Number(await two.rowsWith("Darrin Van Huff").getAttribute("data-order-id"));

  await two.rename(id, "Darrin V. Huff");
  await expect(one.row(id)).toContainText("Darrin V. Huff");

  await one.move(id, "Shipped");
  await expect(two.row(id)).toContainText("Shipped");

  await two.remove(id);
  await expect(one.row(id)).toHaveCount(0);
  await expect(two.row(id)).toHaveCount(0);
});

test("a tab on Pending loses an order that ships while the tab on Shipped gains it", async ({
  context,
  server,
}) => {
  const order = await server.create({ customer_name: "Sean O'Donnell", status: "pending" });
  const all = await new OrdersPage(await context.newPage()).open();
  const pending = await new OrdersPage(await context.newPage()).open();
  const shipped = await new OrdersPage(await context.newPage()).open();
  await pending.tab("Pending").click();
  await shipped.tab("Shipped").click();
  await pending.isLive();
  await shipped.isLive();
  await expect(pending.row(order.id)).toBeVisible();
  await expect(shipped.row(order.id)).toHaveCount(0);

  await all.move(order.id, "Shipped");

  await expect(shipped.row(order.id)).toBeVisible();
  await expect(pending.row(order.id)).toHaveCount(0);
  await expect(pending.tab("Pending")).toContainText("0");
  await expect(pending.tab("Shipped")).toContainText("1");
});

test("a write straight to the database shows in both tabs", async ({ context, server }) => {
  const one = await new OrdersPage(await context.newPage()).open();
  const two = await new OrdersPage(await context.newPage()).open();
  await server.direct.insert(4711, {
    customer_name: "Zuschuss Donatelli",
    product_name: "Paper",
    status: "pending",
  });
  for (const tab of [one, two]) await expect(tab.row(4711)).toContainText("Zuschuss Donatelli");
  await server.direct.update(4711, { product_name: "Better Paper" });
  for (const tab of [one, two]) await expect(tab.row(4711)).toContainText("Better Paper");
  await server.direct.remove(4711);
  for (const tab of [one, two]) await expect(tab.row(4711)).toHaveCount(0);
});

test("a created order never shows twice, whichever comes first, the answer or the change", async ({
  page,
  server,
}) => {
  const orders = await new OrdersPage(page).open();
  await page.route(`${server.api.url}/api/orders`, async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    const answer = await route.fetch();
    // The change is there long before the answer.
    await expect.poll(() => server.direct.countOf("Claire Gute")).toBe(1);
    await expect(orders.rowsWith("Claire Gute").first()).toBeVisible();
    await route.fulfill({ response: answer });
  });
  const most = await countMost(page, "Claire Gute", async () => {
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await orders.create({ customer: "Claire Gute", product: "Bookcase" });
    await (await answered).finished();
    await expect(
      orders.rowsWith("Claire Gute").and(page.locator("[data-order-id]:not([data-order-id^='-'])")),
    ).toHaveCount(1);
  });
  expect(most).toBe(1);
});

/** The most rows with this text that the page ever showed at once while `during` ran. */
async function countMost(page: Page, text: string, during: () => Promise<void>): Promise<number> {
  const handle = await page.evaluateHandle((wanted) => {
    const seen = { most: 0 };
    const count = () => {
      const rows = [...document.querySelectorAll("[data-order-id]")].filter((row) =>
        row.textContent.includes(wanted),
      );
      seen.most = Math.max(seen.most, rows.length);
    };
    new MutationObserver(count).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    return seen;
  }, text);
  await during();
  return handle.evaluate(({ most }) => most);
}
