import { expect } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test("tabs count live, stand in the address, and Back leads back", async ({ page, server }) => {
  const { id } = await server.create({ customer_name: "Ada", status: "pending" });
  await server.create({ customer_name: "Berg", status: "shipped" });
  const orders = await new OrdersPage(page).open();
  await orders.tab("Shipped").click();
  await expect(page).toHaveURL(/\?status=shipped$/);
  await expect(orders.rowsWith("Ada")).toHaveCount(0);
  await server.direct.update(id, { status: "shipped" });
  await expect(orders.tab("Shipped")).toHaveText("Shipped 2");
  await expect(orders.tab("Pending")).toHaveText("Pending 0");
  await expect(orders.rowsWith("Ada")).toBeVisible();
  await page.goBack();
  await expect(orders.tab("All")).toHaveAttribute("aria-selected", "true");
  await page.goForward();
  await expect(orders.tab("Shipped")).toHaveAttribute("aria-selected", "true");
  // A search is one step, however many letters it has.
  await orders.grid.press("/");
  await page.keyboard.type("berg");
  await expect(page).toHaveURL(/\?status=shipped&q=berg$/);
  await expect(orders.rowsWith("Ada")).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL(/\?status=shipped$/);
  await expect(page.getByRole("searchbox")).toHaveValue("");
  await expect(orders.rowsWith("Ada")).toBeVisible();
});

test("a slash leads to the search, which finds part of a name or a number, and its link can be shared", async ({
  page,
  context,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Ada", product_name: "Oak desk" });
  await server.create({ customer_name: "Berg", product_name: "Wall clock", status: "shipped" });
  const orders = await new OrdersPage(page).open();
  await orders.grid.press("/");
  await page.keyboard.type("DESK");
  await expect(orders.rowsWith("Berg")).toHaveCount(0);
  await expect(orders.rowsWith("Ada")).toBeVisible();
  await expect(orders.tab("All")).toHaveText("All 1");
  await expect(page).toHaveURL(/\?q=DESK$/);

  const colleague = new OrdersPage(await context.newPage());
  await colleague.page.goto(page.url());
  await expect(colleague.rowsWith("Ada")).toBeVisible();
  await expect(colleague.rowsWith("Berg")).toHaveCount(0);
  // What begins to match comes in.
  await server.create({ customer_name: "Chloé", product_name: "Steel desk" });
  await expect(colleague.rowsWith("Chloé")).toBeVisible();
  await colleague.page.close();

  await orders.search(String(id));
  await expect(orders.row(id)).toBeVisible();
  await expect(page.locator("[data-order-id]")).toHaveCount(1);
  await page.getByRole("button", { name: "Clear search" }).first().click();
  await expect(orders.rowsWith("Berg")).toBeVisible();
});

test("every column sorts both ways, in the address too", async ({ page, server }) => {
  await server.create({ customer_name: "Berg", product_name: "Lamp", status: "pending" });
  await server.create({ customer_name: "Ada", product_name: "Desk", status: "shipped" });
  await server.create({ customer_name: "Chloé", product_name: "Clock", status: "delivered" });
  const orders = await new OrdersPage(page).open();
  const names = () => page.locator('[data-order-id] [data-field="customer_name"]').allTextContents();
  const heads = {
    Number: [["Chloé", "Ada", "Berg"], "-id"],
    Customer: [["Ada", "Berg", "Chloé"], "customer_name"],
    Product: [["Chloé", "Ada", "Berg"], "product_name"],
    Status: [["Chloé", "Berg", "Ada"], "status"],
  } as const;
  for (const [head, [expected, sort]] of Object.entries(heads)) {
    const button = orders.grid.getByRole("columnheader").getByRole("button", { name: head, exact: true });
    await button.click();
    await expect.poll(names).toEqual(expected);
    await expect(page).toHaveURL(new RegExp(`\\?sort=${sort}$`));
    await button.click();
    await expect.poll(names).toEqual(expected.toReversed());
  }
  await page.goBack();
  await expect(page).toHaveURL(/\?sort=status$/);
  await expect(page.getByRole("columnheader", { name: "Status" })).toHaveAttribute("aria-sort", "ascending");
});

test("the scroll bar tells of all orders before they are read, and leads to any of them", async ({
  page,
  server,
}) => {
  const COUNT = 3000;
  const [oldest] = await server.createMany(COUNT, (n) => ({ customer_name: `Customer ${n}` }));
  // The first page alone is read until it is let go on.
  let letOn: () => void = () => undefined;
  const isLetOn = new Promise<void>((resolve) => (letOn = resolve));
  await page.route(/\/api\/orders\?.*after=/, async (route) => {
    await isLetOn;
    await route.continue();
  });
  const orders = new OrdersPage(page);
  await page.goto("/");
  await expect(page.locator("[data-order-id]").first()).toBeVisible();
  await expect(orders.grid).toHaveAttribute("aria-rowcount", String(COUNT + 1));
  const height = () => orders.grid.evaluate((grid) => grid.scrollHeight);
  const early = await height();
  letOn();
  await orders.isComplete();
  expect(await height()).toBe(early);
  await orders.scrollTo(early);
  await expect(orders.row(oldest?.id ?? 0)).toBeVisible();
  await expect(orders.row(oldest?.id ?? 0)).toHaveAttribute("aria-rowindex", String(COUNT + 1));
});

test("what the filter shows is exported as CSV that no spreadsheet takes for formulas", async ({
  page,
  server,
}) => {
  await server.create({ customer_name: '=HYPERLINK("x")', product_name: "Desk, oak", status: "pending" });
  await server.create({ customer_name: "Berg", status: "shipped" });
  await new OrdersPage(page).open("?status=pending&q=desk");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export" }).click(),
  ]);
  const text = await readFile(await download.path(), "utf8");
  expect(text).toContain(`"'=HYPERLINK(""x"")"`);
  expect(text).toContain('"Desk, oak"');
  expect(text).not.toContain("Berg");
});
