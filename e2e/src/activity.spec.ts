import { activitySchema, activityTimesSchema } from "@live-orders/protocol/http-activity";
import { expect, type Page } from "@playwright/test";
import { violations } from "./axe.ts";
import { test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

/** The activity page as a person reads it. */
class ActivityPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(search = ""): Promise<this> {
    await this.page.goto(`/activity${search}`);
    await expect(this.page.getByTestId("activity")).toBeVisible();
    return this;
  }

  tile(name: "changes" | "to-shipped" | "to-delivered" | "latency") {
    return this.page.getByTestId(name);
  }

  chart(name: string) {
    return this.page.getByRole("region", { name, exact: true });
  }

  get newest() {
    return this.page.getByTestId("newest").getByRole("listitem");
  }

  /** How many orders stand in each status, as the charts say. */
  async standing(): Promise<Record<string, number>> {
    const entries = ["Pending", "Shipped", "Delivered"].map(async (name) => {
      const text = await this.chart(name).locator("strong").innerText();
      return [name.toLowerCase(), Number(text.replaceAll(",", ""))] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  /** Everything on it that says a figure, but the clock. */
  async figures(): Promise<string[]> {
    const texts = await Promise.all(
      (["changes", "to-shipped", "to-delivered"] as const).map((name) => this.tile(name).innerText()),
    );
    return [...texts, JSON.stringify(await this.standing())];
  }
}

test("figures, charts and the newest changes go on by the page's one connection, and agree with the API after a reload", async ({
  page,
  server,
}) => {
  const sockets: string[] = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  const activity = await new ActivityPage(page).open();
  await expect(activity.tile("changes")).toContainText("0 new orders");

  const orders = [];
  for (const customer_name of ["Ada", "Bob", "Cleo"]) orders.push(await server.create({ customer_name }));
  const [ada, bob] = orders.map(({ id }) => id);
  if (ada === undefined || bob === undefined) throw new Error("no order was made");
  await server.direct.update(ada, { status: "shipped" });
  await server.direct.update(ada, { status: "delivered" });
  await server.direct.update(bob, { customer_name: "Bobby" });

  await expect(activity.newest).toHaveCount(6);
  await expect(activity.newest.first()).toContainText("Bob → Bobby");
  await expect(activity.newest.nth(1)).toContainText("Delivered");
  await expect.poll(() => activity.standing()).toEqual({ pending: 2, shipped: 0, delivered: 1 });
  await expect(activity.tile("changes")).toContainText("3 new orders");
  await expect(activity.tile("to-shipped")).toContainText("1 order");
  await expect(activity.tile("to-delivered")).toContainText("1 order");
  // How many batches the six changes came in is the server's and the network's affair.
  await expect(activity.tile("latency")).toContainText(/ms of [1-6] batch/);
  expect(sockets.filter((url) => url.includes("/socket.io/"))).toHaveLength(1);

  const live = await activity.figures();
  await page.reload();
  await expect.poll(() => activity.figures()).toEqual(live);
  const read = async (path: string) => (await page.request.get(path)).json() as Promise<unknown>;
  const { steps } = activitySchema.parse(await read("/api/activity"));
  expect(steps.at(-1)?.standing).toEqual(await activity.standing());
  expect(steps.reduce((sum, { changes }) => sum + changes, 0)).toBe(6);
  const times = activityTimesSchema.parse(await read("/api/activity/times"));
  expect([times.shipped.count, times.delivered.count]).toEqual([1, 1]);
});

test("the range stands in the address, a chart can be read as a table, and a change leads to its order", async ({
  page,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Claire Gute" });
  const activity = await new ActivityPage(page).open();
  await page.getByRole("radio", { name: "15 min" }).press("ArrowRight");
  await page.getByRole("radio", { name: "6 hours" }).check();
  await expect(page).toHaveURL(/\/activity\?range=6h$/);
  await page.goBack();
  await expect(page).not.toHaveURL(/6h/);
  await activity.open("?range=15m");
  await expect(page.getByRole("radio", { name: "15 min" })).toBeChecked();

  await activity.chart("Changes a minute").getByRole("button").press("Enter");
  const table = page.getByRole("region", { name: "Changes a minute, table" });
  await expect(table.getByRole("columnheader")).toHaveText(["From", "Changes", "New orders"]);
  await expect(table.locator("tbody tr").first().getByRole("cell")).toHaveCount(2);
  await activity.chart("Changes a minute").getByRole("button").press("Enter");
  await expect(activity.chart("Changes a minute").getByRole("img")).toHaveAccessibleName(
    /New orders: .* now/,
  );

  await activity.newest.first().getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`order=${id}`));
  await expect(page.getByRole("dialog", { name: `Order #${id}` })).toBeVisible();
});

test("the newest changes stand still under the pointer, and say how many wait", async ({ page, server }) => {
  for (const customer_name of ["Ada", "Bob", "Cleo"]) await server.create({ customer_name });
  const activity = await new ActivityPage(page).open();
  await expect(activity.newest).toHaveCount(3);
  await activity.newest.nth(1).hover();
  await server.create({ customer_name: "Dora" });
  await server.create({ customer_name: "Emil" });
  const newer = page.getByRole("button", { name: "2 newer changes" });
  await expect(newer).toBeVisible();
  await expect(activity.newest.first()).toContainText("Cleo");
  await newer.click();
  await expect(activity.newest.first()).toContainText("Emil");
  await page.mouse.move(5, 5);
  await server.create({ customer_name: "Fay" });
  await expect(activity.newest.first()).toContainText("Fay");
});

test("says that it reads, why it cannot, and begins again by itself", async ({ page, server }) => {
  await server.create({});
  let answers: "never" | "unavailable" | "as they are" = "never";
  await page.route("**/api/activity?*", async (route) => {
    if (answers === "as they are") await route.continue();
    if (answers === "unavailable") await route.fulfill({ status: 503, body: "" });
  });
  await page.goto("/activity");
  await expect(page.getByRole("status", { name: "Reading the activity" })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  answers = "unavailable";
  await page.reload();
  await expect(page.getByRole("alert")).toContainText("could not be read");
  expect(await violations(page)).toEqual([]);
  answers = "as they are";
  await expect(page.getByTestId("activity")).toBeVisible();
});

test("says since when it is not live, and reads anew when what it showed is void", async ({
  page,
  server,
}) => {
  await server.create({ customer_name: "Ada" });
  const activity = await new ActivityPage(page).open();
  await expect.poll(() => activity.standing()).toEqual({ pending: 1, shipped: 0, delivered: 0 });
  await server.api.kill("SIGTERM");
  await expect(page.getByTestId("stale")).toContainText("Not live: the figures as of");
  expect(await violations(page)).toEqual([]);
  await server.direct.dropOrders();
  await server.api.start();
  await new OrdersPage(page).isLive();
  await expect(page.getByTestId("stale")).toBeHidden();
  await expect.poll(() => activity.standing()).toEqual({ pending: 0, shipped: 0, delivered: 0 });
  await server.create({ customer_name: "Bob", status: "shipped" });
  await expect.poll(() => activity.standing()).toEqual({ pending: 0, shipped: 1, delivered: 0 });
});

test("draws its charts although the browser's language is no language tag", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "language", { get: () => "en-US@posix" });
  });
  const activity = await new ActivityPage(page).open();
  await expect(activity.chart("Changes a minute").locator("canvas")).toBeVisible();
});
