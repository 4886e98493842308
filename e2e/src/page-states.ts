import { expect, type Page } from "@playwright/test";
import { lineOf } from "./api-line.ts";
import type { LiveServer } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";
import { shopOrder } from "./shop-orders.ts";

/** One state of a page, and how a person gets there. */
export interface PageState {
  readonly name: string;
  readonly reach: (page: Page, server: LiveServer, shop: ShopSize) => Promise<void>;
}

/** How many orders there are: `few` is enough to look at every part of the page, `many` fill the window. */
type ShopSize = "few" | "many";
const SIZES: Record<ShopSize, number> = { few: 8, many: 60 };

export async function openShop(
  page: Page,
  server: LiveServer,
  shop: ShopSize,
  search = "",
): Promise<OrdersPage> {
  await server.createMany(SIZES[shop], shopOrder);
  const orders = await new OrdersPage(page).open(search);
  await expect(page.locator("[data-order-id]").first()).toBeVisible();
  return orders;
}

export const firstId = async (page: Page): Promise<number> =>
  Number(await page.locator("[data-order-id]").first().getAttribute("data-order-id"));

/** What the server says of a write that it does not take. */
export const refusal = (status: number, slug: string, detail: string) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: `urn:live-orders:${slug}`, title: detail, status, detail, requestId: "test" }),
});

const LIST = /\/api\/orders\?/;

/** Every state of the orders page that a person may meet. */
export const PAGE_STATES: readonly PageState[] = [
  {
    name: "loading",
    reach: async (page, server) => {
      await server.createMany(60, shopOrder);
      await page.route(LIST, () => new Promise(() => undefined));
      await page.goto("/");
      await expect(page.locator("[role=row][aria-busy=true]").first()).toBeVisible();
    },
  },
  {
    name: "first-run",
    reach: async (page) => {
      await new OrdersPage(page).open();
      await expect(page.getByText("No orders yet")).toBeVisible();
    },
  },
  { name: "table", reach: async (page, server, shop) => void (await openShop(page, server, shop)) },
  {
    name: "empty-tab",
    reach: async (page, server) => {
      await server.create({ status: "shipped" });
      await new OrdersPage(page).open("?status=pending");
      await expect(page.getByText("No pending orders")).toBeVisible();
    },
  },
  {
    name: "no-match",
    reach: async (page, server) => {
      await server.create({});
      await new OrdersPage(page).open("?q=nobody");
      await expect(page.getByText("Nothing matches")).toBeVisible();
    },
  },
  {
    name: "error",
    reach: async (page) => {
      await page.route(LIST, (route) =>
        route.fulfill(refusal(503, "unavailable", "The database does not answer.")),
      );
      await page.goto("/");
      await expect(page.getByText("The orders could not be read")).toBeVisible();
    },
  },
  {
    name: "stale",
    reach: async (page, server, shop) => {
      const line = await lineOf(page);
      await openShop(page, server, shop);
      await line.cut();
      await expect(page.getByTestId("stale")).toBeVisible();
    },
  },
  {
    name: "waiting",
    reach: async (page, server, shop) => {
      const line = await lineOf(page);
      const orders = await openShop(page, server, shop);
      await line.cut();
      await expect(orders.connection).toHaveAttribute("data-state", "reconnecting");
      const row = page.locator("[data-order-id][data-status=pending]").first();
      await orders.move(Number(await row.getAttribute("data-order-id")), "Delivered");
      await expect(page.getByText("Waiting", { exact: true })).toBeVisible();
    },
  },
  {
    name: "selection",
    reach: async (page, server, shop) => {
      await openShop(page, server, shop);
      const begin = page.getByRole("button", { name: "Select orders" });
      if (await begin.isVisible()) await begin.click();
      for (const box of (await page.locator("[data-order-id]").getByRole("checkbox").all()).slice(0, 3))
        await box.check();
    },
  },
  {
    name: "new-orders-wait",
    reach: async (page, server) => {
      const orders = await openShop(page, server, "many");
      await orders.scrollTo(400);
      // The page hears of it with its next frame: an order that comes before that still comes in at the top.
      await expect(orders.grid).toHaveAttribute("data-held", "true");
      await server.create({ customer_name: "Irene Maddox" });
      await expect(page.getByTestId("new-orders")).toBeVisible();
    },
  },
  {
    name: "changed-and-gone",
    reach: async (page, server) => {
      await openShop(page, server, "many", "?status=pending");
      const [first, second, third] = await page.locator("[data-order-id]").all();
      const ids = await Promise.all(
        [first, second, third].map(async (row) => Number(await row?.getAttribute("data-order-id"))),
      );
      await server.direct.update(ids[0] ?? 0, { status: "shipped" });
      await server.direct.update(ids[2] ?? 0, { customer_name: "Claire G." });
      await expect(page.locator("[data-departed-id]")).toBeVisible();
    },
  },
  {
    name: "status-menu",
    reach: async (page, server, shop) => {
      const orders = await openShop(page, server, shop);
      await orders
        .row(await firstId(page))
        .getByRole("button", { name: /^(Pending|Shipped|Delivered)$/ })
        .click();
      await expect(page.getByRole("menu")).toBeVisible();
    },
  },
  {
    name: "not-saved",
    reach: async (page, server, shop) => {
      const orders = await openShop(page, server, shop);
      await page.route(/\/api\/orders\/\d+$/, (route) =>
        route.request().method() === "PATCH"
          ? route.fulfill(refusal(400, "validation", "Orders may not ship today."))
          : route.fallback(),
      );
      const row = page.locator("[data-order-id][data-status=pending]").first();
      await orders.move(Number(await row.getAttribute("data-order-id")), "Shipped");
      await expect(page.getByText("Not saved").first()).toBeVisible();
    },
  },
  {
    name: "new-order",
    reach: async (page, server, shop) => {
      await openShop(page, server, shop);
      await page.getByRole("button", { name: "New order" }).click();
      await page.getByRole("button", { name: "Create order" }).click();
      await expect(page.getByText("Must not be empty").first()).toBeVisible();
    },
  },
  {
    name: "drawer",
    reach: async (page, server, shop) => {
      const orders = await openShop(page, server, shop);
      const id = await firstId(page);
      await server.direct.update(id, { status: "shipped" });
      await server.direct.update(id, { status: "delivered", product_name: "Another Bookcase" });
      await orders.openLink(id);
      await expect(page.getByTestId("story-entry")).toHaveCount(3);
    },
  },
  {
    name: "conflict",
    reach: async (page, server, shop) => {
      const orders = await openShop(page, server, shop);
      const id = await firstId(page);
      await orders.openLink(id);
      await orders.customerField.fill("Claire M. Gute");
      await server.direct.update(id, { customer_name: "Claire Gute-Hoffman" });
      await expect(orders.conflict).toBeVisible();
    },
  },
  {
    name: "bulk-report",
    reach: async (page, server, shop) => {
      await openShop(page, server, shop);
      const rows = page.locator("[data-order-id][data-status=delivered]");
      const begin = page.getByRole("button", { name: "Select orders" });
      if (await begin.isVisible()) await begin.click();
      for (const box of (await rows.getByRole("checkbox").all()).slice(0, 3)) await box.check();
      const gone = Number(await rows.nth(1).getAttribute("data-order-id"));
      await page.route("**/api/orders/bulk", async (route) => {
        await server.direct.remove(gone);
        await route.continue();
      });
      await page.getByRole("button", { name: "Move to Shipped" }).click();
      await page.getByRole("button", { name: "Show which" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "help",
    reach: async (page, server, shop) => {
      const orders = await openShop(page, server, shop);
      await orders.grid.press("?");
      await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
    },
  },
];
