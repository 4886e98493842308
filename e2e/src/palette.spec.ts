import { expect, type Page } from "@playwright/test";
import { test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

/** The palette as a person uses it: open it, type, Enter. */
class Palette {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get field() {
    return this.page.getByRole("combobox", { name: "Command or order" });
  }

  option(name: string | RegExp) {
    return this.page.getByRole("dialog", { name: "Commands" }).getByRole("option", { name });
  }

  async open(): Promise<this> {
    await this.page.keyboard.press("ControlOrMeta+k");
    await expect(this.field).toBeFocused();
    return this;
  }

  /** Has the command done that the text finds first. */
  async run(text: string, expected: string | RegExp): Promise<void> {
    await this.open();
    await this.field.fill(text);
    const first = this.page.getByRole("dialog", { name: "Commands" }).getByRole("option", { selected: true });
    await expect(first).toHaveAccessibleName(expected);
    await this.field.press("Enter");
    await expect(this.field).toBeHidden();
  }
}

test("has every action of the page, with its keys, and leads to each page, tab and sort", async ({
  page,
  server,
}) => {
  await server.create({ customer_name: "Ada" });
  await new OrdersPage(page).open();
  const palette = new Palette(page);
  await palette.open();
  const titles = await page.getByRole("option").allInnerTexts();
  for (const title of [
    ["New order", "N"],
    ["Search orders", "/"],
    ["Undo the last change", "Z"],
    ["Export what is shown as CSV"],
    ["Activity", "G", "A"],
    ["Pending orders"],
    ["By customer"],
    ["Dark"],
    ["Switch single-letter shortcuts off"],
    ["Keyboard shortcuts", "?"],
    ["Server-Sent Events"],
  ])
    expect(titles.map((text) => text.split(/\s*\n\s*/))).toContainEqual(title);
  await page.keyboard.press("Escape");
  await expect(palette.field).toBeHidden();

  await palette.run("pending ord", "Pending orders");
  await expect(page).toHaveURL(/\?status=pending$/);
  await palette.run("by cust", "By customer");
  await expect(page).toHaveURL(/\?status=pending&sort=customer_name$/);
  await palette.run("activ", "Activity");
  await expect(page.getByRole("heading", { name: "Activity" })).toBeVisible();
  await palette.run("delivered o", "Delivered orders");
  await expect(page).toHaveURL(/\/\?status=delivered$/);
  await palette.run("all o", "All orders");
  await palette.run("search o", "Search orders");
  await expect(page.getByRole("searchbox", { name: "Search orders" })).toBeFocused();
});

test("changes how the page looks, hears and listens, and says what is so now", async ({ page, server }) => {
  await server.create({});
  const orders = await new OrdersPage(page).open();
  const palette = new Palette(page);
  await palette.run("dark", "Dark");
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await palette.run("server-sent", "Server-Sent Events");
  await expect(orders.connection).toHaveAttribute("data-transport", "sse");
  await orders.isLive();
  await palette.run("letters", "Switch single-letter shortcuts off");
  await page.keyboard.press("n");
  await expect(page.locator("form")).toBeHidden();
  await palette.open();
  await expect(palette.option("Dark is so now")).toBeVisible();
  await expect(palette.option("Server-Sent Events is so now")).toBeVisible();
  await palette.field.fill("letters");
  await expect(palette.option("Switch single-letter shortcuts on")).toBeVisible();
});

test("finds an order by its number or its names, also from another page and over an open drawer", async ({
  page,
  server,
}) => {
  const ada = await server.create({ customer_name: "Ada Lovelace", product_name: "Engine" });
  const bob = await server.create({ customer_name: "Bob", product_name: "Chair" });
  await page.goto("/activity");
  await new OrdersPage(page).isLive();
  const palette = new Palette(page);
  const drawer = (id: number) => page.getByRole("dialog", { name: `Order #${id}` });
  await palette.run("lovel", /Ada Lovelace/);
  await expect(drawer(ada.id)).toBeVisible();

  await page.locator("form").getByLabel("Customer", { exact: true }).focus();
  await palette.run(`#${bob.id}`, /Bob Chair/);
  await expect(drawer(bob.id)).toBeVisible();
  await palette.run("move order ship", `Move order #${bob.id} to Shipped`);
  await expect(new OrdersPage(page).row(bob.id)).toContainText("Shipped");
  await expect(drawer(bob.id)).toBeVisible();
  await palette.run("undo", "Undo the last change");
  await expect(new OrdersPage(page).row(bob.id)).toContainText("Pending");

  await palette.open();
  await palette.field.fill("nobody has this name");
  await expect(page.getByRole("dialog", { name: "Commands" }).getByRole("status")).toHaveText(
    "Nothing is found",
  );
});

test("moves all that is selected, makes an order and exports, without the mouse", async ({
  page,
  server,
}) => {
  for (const customer_name of ["Ada", "Bob", "Cleo"]) await server.create({ customer_name });
  const orders = await new OrdersPage(page).open();
  await expect(page.locator("[data-order-id]")).toHaveCount(3);
  const palette = new Palette(page);
  await palette.run("select all", "Select all that are shown, or none");
  await palette.run("move 3 ship", "Move 3 selected orders to Shipped");
  await palette.open();
  await palette.field.fill("delivered");
  await palette.field.press("Escape");
  await expect(page.locator("[data-order-id]").filter({ hasText: "Shipped" })).toHaveCount(3);

  const download = page.waitForEvent("download");
  await palette.run("export", "Export what is shown as CSV");
  expect((await download).suggestedFilename()).toBe("orders.csv");
  await palette.run("new order", "New order");
  await expect(page.locator("form").getByLabel("Customer", { exact: true })).toBeFocused();
  await orders.isLive();
});
