import type { OrderFields } from "@live-orders/protocol/order";
import { expect } from "@playwright/test";
import { setTimeout as delay } from "node:timers/promises";
import { type LiveServer, sharedTest as test, test as freshTest } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";
import { OTHER_PAGE_STATES } from "./other-page-states.ts";
import { agentTest, cards, openOutbox, shelf } from "./outbox-page.ts";
import { PAGE_STATES } from "./page-states.ts";
import { shopOrder } from "./shop-orders.ts";

const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** A picture of every state of every page goes to `screenshots/`, in each of these looks. */
const LOOKS = [
  { look: "light", use: { colorScheme: "light", viewport: WIDE } },
  { look: "dark", use: { colorScheme: "dark", viewport: WIDE } },
  { look: "phone", use: { colorScheme: "light", viewport: PHONE, isMobile: true } },
  { look: "phone-dark", use: { colorScheme: "dark", viewport: PHONE, isMobile: true } },
] as const;

for (const { look, use } of LOOKS) {
  test.describe(look, () => {
    test.use(use);
    for (const { name, reach } of [...PAGE_STATES, ...OTHER_PAGE_STATES]) {
      test(name, async ({ page, server }) => {
        await reach(page, server, "many");
        await page.screenshot({ path: `screenshots/${name}-${look}.png`, animations: "disabled" });
      });
    }
  });
}

for (const { look, use } of LOOKS) {
  agentTest.describe(look, () => {
    agentTest.use(use);
    agentTest("outbox", async ({ page, server, agent: _ }) => {
      const take = (name: string) =>
        page.screenshot({ path: `screenshots/outbox-${name}-${look}.png`, animations: "disabled" });
      await openOutbox(page);
      const made = await server.createMany(4, (n) => ({ ...shopOrder(n), status: "pending" }));
      for (const { id } of made) await server.direct.update(id, { status: "shipped" });
      await expect(cards(page)).toHaveCount(4);
      await take("drafts");
      await cards(page).first().getByRole("button", { name: "Edit" }).click();
      await take("editing");
      await cards(page).first().getByRole("button", { name: "Cancel" }).click();
      await page.getByRole("button", { name: "Approve" }).last().click();
      await expect(cards(page)).toHaveCount(3);
      await server.direct.remove(made[1]?.id ?? 0);
      await expect(cards(page)).toHaveCount(2);
      await page.getByLabel("Select all").check();
      await take("selection");
      await shelf(page, "Set aside").click();
      await expect(cards(page)).toHaveCount(1);
      await take("obsolete");
      await shelf(page, "Approved").click();
      await expect(cards(page)).toHaveCount(1);
      await take("approved");
      await shelf(page, "Sent").click();
      await expect(page.getByText("Nothing has been sent.")).toBeVisible();
      await take("empty");
    });

    agentTest("ask", async ({ page, server, agent: _ }) => {
      await server.createMany(4, (n) => ({ ...shopOrder(n), status: "pending" }));
      const take = (name: string) =>
        page.screenshot({ path: `screenshots/ask-${name}-${look}.png`, animations: "disabled" });
      await page.goto("/ask");
      await expect(page.getByTestId("answerer")).toContainText("grammar", { timeout: 30_000 });
      await expect(page.getByTestId("connection")).toHaveAttribute("data-state", "live");
      await take("empty");
      for (const question of ["Who waits longest?", "How many orders are pending?", "Approve everything"]) {
        await page.getByLabel("Question").fill(question);
        await page.getByRole("button", { name: "Ask", exact: true }).click();
        await expect(page.getByTestId("exchange").first()).toContainText(question);
        await expect(page.getByTestId("exchange").first()).toHaveAttribute(
          "data-end",
          /answered|not-understood/,
        );
      }
      await take("answers");
    });
  });
}

/** A shop that has been open for a while; its newest order. */
async function openedLongAgo(server: LiveServer): Promise<number> {
  const newest = 9994;
  const operations = Array.from({ length: 400 }, (_, n) => {
    const updated_at = new Date(Date.now() - 20_000 - n * n * 4000).toISOString();
    return { op: "put", id: newest - n, order: { ...shopOrder(n), updated_at } };
  });
  const body = JSON.stringify({ operations });
  const headers = { "content-type": "application/json" };
  await fetch(`${server.api.url}/api/orders/bulk`, { method: "POST", headers, body });
  return newest;
}

/** Minutes of a shop with more to do in some of them than in others: what comes is shipped soon, and delivered later. */
async function busyMinutes(server: LiveServer, minutes: number): Promise<void> {
  const step = async (ids: readonly number[], status: OrderFields["status"]) => {
    for (const id of ids) await server.direct.update(id, { status });
  };
  const [toShip, toDeliver]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < minutes * 12; turn += 1) {
    const came = 1 + Math.round(1.5 * (1 + Math.sin(turn / 11)) + (turn % 3));
    const made = await server.createMany(came, (n) => ({ ...shopOrder(turn * 5 + n), status: "pending" }));
    toShip.push(...made.map(({ id }) => id));
    const shipped = toShip.splice(0, Math.max(0, toShip.length - 8 - (turn % 7)));
    await step(shipped, "shipped");
    toDeliver.push(...shipped);
    await step(toDeliver.splice(0, Math.max(0, toDeliver.length - 14 - (turn % 5))), "delivered");
    await delay(5000);
  }
}

test.describe("for the README", () => {
  test("the table, light", async ({ page, server }) => {
    await page.setViewportSize({ width: 1280, height: 640 });
    const newest = await openedLongAgo(server);
    const orders = await new OrdersPage(page).open();
    await expect(orders.row(newest)).toBeVisible();
    await server.direct.update(newest - 2, { status: "shipped" });
    await server.create({ customer_name: "Dave Brooks", product_name: "Aastra 57i VoIP phone" });
    await expect(orders.rowsWith("Dave Brooks")).toBeVisible();
    await page.screenshot({ path: "docs/images/orders-light.png" });
  });

  test("a conflict in the drawer, dark", async ({ page, server }) => {
    await page.setViewportSize({ width: 1280, height: 600 });
    await page.emulateMedia({ colorScheme: "dark" });
    const newest = await openedLongAgo(server);
    const orders = await new OrdersPage(page).open();
    await orders.openForm(newest);
    await orders.customerField.fill("Claire M. Gute");
    await server.direct.update(newest, { customer_name: "Claire Gute-Hoffman" });
    await expect(orders.conflict).toBeVisible();
    await page.screenshot({ path: "docs/images/orders-dark.png" });
  });

  freshTest("the activity of minutes, dark", async ({ page, server }) => {
    const minutes = 8;
    freshTest.setTimeout((minutes + 3) * 60_000);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto("/activity?range=15m");
    await busyMinutes(server, minutes);
    await expect(page.getByTestId("newest").getByRole("listitem").first()).toBeVisible();
    await page.screenshot({ path: "docs/images/activity-dark.png" });
  });

  agentTest("drafts to review", async ({ page, server, agent: _ }) => {
    await page.setViewportSize({ width: 1280, height: 640 });
    await openOutbox(page);
    for (const n of [1, 2, 3]) {
      const { id } = await server.create({ ...shopOrder(n), status: "pending" });
      await server.direct.update(id, { status: "shipped" });
    }
    await expect(cards(page)).toHaveCount(3);
    await page.screenshot({ path: "docs/images/outbox-light.png" });
  });

  test.describe("on a phone", () => {
    test.use({ viewport: PHONE, isMobile: true, hasTouch: true });
    test("cards that are selected", async ({ page, server }) => {
      const newest = await openedLongAgo(server);
      const orders = await new OrdersPage(page).open();
      await orders.holdDown(newest);
      await orders.row(newest - 2).tap({ position: { x: 120, y: 20 } });
      await expect(orders.selectionBar).toContainText("2 selected");
      await page.screenshot({ path: "docs/images/orders-phone.png" });
    });
  });
});
