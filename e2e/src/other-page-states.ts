import { activitySchema, activityTimesSchema } from "@live-orders/protocol/http-activity";
import { expect, type Page, type Route } from "@playwright/test";
import { lineOf } from "./api-line.ts";
import type { LiveServer } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";
import { firstId, openShop, type PageState, refusal } from "./page-states.ts";
import { shopOrder } from "./shop-orders.ts";

const newest = (page: Page) => page.getByTestId("newest").getByRole("listitem");

/** The activity of a shop in which ten orders were made, some of them moved, one renamed and one deleted. */
async function openActivity(page: Page, server: LiveServer): Promise<void> {
  const made = await server.createMany(10, shopOrder);
  await page.goto("/activity");
  await expect(newest(page).nth(9)).toBeVisible();
  for (const { id, status } of made.slice(0, 4))
    await server.direct.update(id, { status: status === "delivered" ? "pending" : "delivered" });
  await server.direct.update(made[5]?.id ?? 0, { customer_name: "Claire M. Gute" });
  await server.direct.remove(made[6]?.id ?? 0);
  await expect(newest(page).first()).toContainText("Deleted");
}

/** The server's answer as it is before anything has happened: the server may have served other orders before. */
async function quietActivity(route: Route): Promise<void> {
  const answer = await route.fetch();
  const told = activitySchema.parse(await answer.json());
  const standing = { pending: 0, shipped: 0, delivered: 0 };
  const steps = told.steps.map(({ at }) => ({ at, changes: 0, created: 0, standing }));
  await route.fulfill({ response: answer, json: { ...told, cut: null, newest: [], steps } });
}

async function quietTimes(route: Route): Promise<void> {
  const answer = await route.fetch();
  const none = { count: 0, median: null, p90: null };
  const told = activityTimesSchema.parse(await answer.json());
  await route.fulfill({ response: answer, json: { ...told, cut: null, shipped: none, delivered: none } });
}

const ACTIVITY: readonly PageState[] = [
  {
    name: "activity-with-nothing",
    reach: async (page) => {
      await page.route("**/api/activity?*", quietActivity);
      await page.route("**/api/activity/times?*", quietTimes);
      await page.goto("/activity");
      await expect(page.getByText("Nothing has happened yet.")).toBeVisible();
      await expect(page.getByText("Nothing has happened in")).toBeVisible();
    },
  },
  { name: "activity", reach: openActivity },
  {
    name: "activity-tables",
    reach: async (page, server) => {
      await openActivity(page, server);
      for (const name of ["Changes a minute", "Pending", "From the write to this screen"])
        await page.getByRole("region", { name, exact: true }).getByRole("button").click();
    },
  },
  {
    name: "activity-stale",
    reach: async (page, server) => {
      const line = await lineOf(page);
      await openActivity(page, server);
      await line.cut();
      await expect(page.getByTestId("stale")).toBeVisible();
    },
  },
  {
    name: "activity-failed",
    reach: async (page) => {
      await page.route("**/api/activity?*", (route) =>
        route.fulfill(refusal(503, "unavailable", "The database does not answer.")),
      );
      await page.goto("/activity");
      await expect(page.getByRole("alert")).toContainText("could not be read");
    },
  },
];

async function openPalette(page: Page, server: LiveServer, typed: string): Promise<void> {
  await openShop(page, server, "many");
  await page.getByRole("button", { name: "Commands" }).click();
  const field = page.getByRole("combobox", { name: "Command or order" });
  await expect(field).toBeFocused();
  await field.fill(typed);
}

const PALETTE: readonly PageState[] = [
  {
    name: "palette",
    reach: async (page, server) => {
      await openPalette(page, server, "");
      await expect(page.getByRole("option", { name: "New order" })).toBeVisible();
    },
  },
  {
    name: "palette-orders",
    reach: async (page, server) => {
      await openPalette(page, server, "gute");
      await expect(page.getByRole("option", { name: /Claire Gute/ }).first()).toBeVisible();
    },
  },
  {
    name: "palette-nothing",
    reach: async (page, server) => {
      await openPalette(page, server, "nobody has this name");
      await expect(page.getByText("Nothing is found")).toBeVisible();
    },
  },
];

async function openTransports(page: Page, server: LiveServer): Promise<number> {
  const { id } = await server.create({});
  await page.goto("/transports");
  const lanes = page.getByRole("table", { name: "Ways to see the changes" });
  await expect(lanes.getByText("Live", { exact: true })).toHaveCount(5);
  for (let count = 1; count <= 8; count += 1)
    await server.direct.update(id, { product_name: `Write ${count}` });
  await expect(lanes.getByRole("row").filter({ hasText: "Poll every 2 s" })).toContainText("8 of 8");
  return id;
}

const TRANSPORTS: readonly PageState[] = [
  { name: "transports", reach: async (page, server) => void (await openTransports(page, server)) },
  {
    name: "transports-after-a-cut",
    reach: async (page, server) => {
      const id = await openTransports(page, server);
      await page.getByRole("button", { name: "Cut every line" }).click();
      await expect(page.getByTestId("cut")).toHaveAttribute("data-state", "cut");
      for (let count = 1; count <= 5; count += 1)
        await server.direct.update(id, { product_name: `Away ${count}` });
      await expect(page.getByRole("table", { name: "After the cut" })).toBeVisible();
    },
  },
];

const OUTBOX: readonly PageState[] = [
  {
    name: "outbox-without-agent",
    reach: async (page) => {
      await page.goto("/outbox");
      await expect(page.getByText("Nothing to review.")).toBeVisible();
    },
  },
];

const STORY: readonly PageState[] = [
  {
    name: "story-as-it-was-then",
    reach: async (page, server, shop) => {
      const orders = await openShop(page, server, shop);
      const id = await firstId(page);
      await server.direct.update(id, { status: "shipped", product_name: "Another Bookcase" });
      await orders.openLink(id);
      await page.getByTestId("story-entry").last().getByRole("button", { name: "As it was then" }).click();
      await expect(page.getByRole("button", { name: "Restore this" })).toBeVisible();
    },
  },
  {
    name: "story-of-a-deleted-order",
    reach: async (page, server) => {
      const { id } = await server.create({ customer_name: "Claire Gute" });
      await server.direct.remove(id);
      await new OrdersPage(page).open(`?order=${id}`);
      const entry = page.getByTestId("story-entry").first();
      await entry.getByRole("button", { name: "As it was before" }).click();
      await expect(page.getByRole("button", { name: "Put it back like this" })).toBeVisible();
    },
  },
];

const CONNECTION: readonly PageState[] = [
  {
    name: "connection-menu",
    reach: async (page, server, shop) => {
      const orders = await openShop(page, server, shop);
      await orders.connection.getByRole("button", { name: "Live" }).click();
      await expect(page.getByRole("group", { name: "How changes come" })).toBeVisible();
    },
  },
  {
    name: "offline-with-waiting",
    reach: async (page, server, shop) => {
      const line = await lineOf(page);
      const orders = await openShop(page, server, shop);
      await orders.isWarm();
      await line.cut();
      await page.context().setOffline(true);
      await expect(orders.connection).toHaveText(/^Offline/);
      await orders.move(await firstId(page), "Shipped");
      await expect(orders.connection).toContainText("1 waiting");
    },
  },
  {
    name: "undo",
    reach: async (page, server, shop) => {
      const orders = await openShop(page, server, shop);
      await orders.move(await firstId(page), "Shipped");
      await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
    },
  },
];

/** Every state of the other pages, and of what lies over them, that needs no program but the server. */
export const OTHER_PAGE_STATES: readonly PageState[] = [
  ...ACTIVITY,
  ...PALETTE,
  ...TRANSPORTS,
  ...OUTBOX,
  ...STORY,
  ...CONNECTION,
];
