import { expect, type Page } from "@playwright/test";
import { violations } from "./axe.ts";
import { test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

const story = (page: Page) => page.getByTestId("story");
const entries = (page: Page) => page.getByTestId("story-entry");

test("an order's story tells of every writer, live, and puts back what was then, with undo", async ({
  page,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Claire Gute" });
  const orders = await new OrdersPage(page).open(`?order=${id}`);
  await expect(entries(page)).toHaveCount(1);
  await expect(entries(page).first()).toContainText("Created");

  await server.direct.update(id, { status: "shipped" });
  await server.direct.update(id, { customer_name: "Somebody Else" });
  await expect(entries(page)).toHaveCount(3);
  await expect(entries(page).nth(1)).toContainText("in Pending");
  await expect(entries(page).first()).toContainText("Somebody Else");
  expect(await violations(page)).toEqual([]);

  const created = entries(page).last();
  await created.getByRole("button", { name: "As it was then" }).click();
  await created.getByRole("button", { name: "Restore this" }).click();
  await expect(orders.row(id)).toContainText("Claire Gute");
  await expect(entries(page)).toHaveCount(4);
  await expect(created).toContainText("It is like this now.");

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(orders.row(id)).toContainText("Somebody Else");
  await expect(entries(page)).toHaveCount(5);
});

test("the story of a deleted order can be opened by its link, and put back", async ({ page, server }) => {
  const { id } = await server.create({ customer_name: "Claire Gute" });
  await server.direct.remove(id);
  const orders = await new OrdersPage(page).open(`?order=${id}`);
  await expect(entries(page)).toHaveCount(2);
  await entries(page).first().getByRole("button", { name: "As it was before" }).click();
  await story(page).getByRole("button", { name: "Put it back like this" }).click();
  await expect(orders.row(id)).toContainText("Claire Gute");
});

test("two letters lead from page to page, and Back leads back", async ({ page, server }) => {
  await server.create({});
  const orders = await new OrdersPage(page).open();
  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await expect(page.getByRole("heading", { name: "Activity" })).toBeVisible();
  await page.goBack();
  await expect(orders.rowsWith("Claire Gute")).toHaveCount(1);
  await page.getByRole("link", { name: "Activity" }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(orders.rowsWith("Claire Gute")).toHaveCount(1);
});
