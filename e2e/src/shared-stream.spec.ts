import { expect, type BrowserContext, type Page, type Request } from "@playwright/test";
import { test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

/** More than the six connections that a browser makes to one origin. */
const TABS = 8;

/** Tabs of one browser on a transport that holds a connection, and the requests that hold one. */
async function openTabs(context: BrowserContext, transport: "sse" | "long-poll") {
  await context.addInitScript((name) => {
    localStorage.setItem("live-orders-transport", name);
  }, transport);
  const holds = (request: Request) => /\/api\/changes(\/stream\?|\?.*wait=[1-9])/.test(request.url());
  const readers: Page[] = [];
  context.on("request", (request) => {
    if (holds(request)) readers.push(request.frame().page());
  });
  const tabs: OrdersPage[] = [];
  for (let count = 0; count < TABS; count += 1) tabs.push(new OrdersPage(await context.newPage()));
  await Promise.all(tabs.map((tab) => tab.open()));
  for (const tab of tabs) await expect(tab.connection).toHaveAttribute("data-transport", transport);
  return { tabs, readers };
}

test("eight tabs on Server-Sent Events share one stream, all live; a tab that closes hands it on", async ({
  context,
  server,
}) => {
  const order = await server.create({ customer_name: "Claire Gute", status: "pending" });
  const { tabs, readers } = await openTabs(context, "sse");
  expect(readers).toHaveLength(1);
  const onPending = tabs.filter((_tab, index) => index % 2 === 1);
  for (const tab of onPending) await tab.tab("Pending").click();

  let left = tabs;
  for (let round = 1; round <= 3; round += 1) {
    // Each can still make requests, and all see what it does.
    const writer = left[round];
    await writer?.rename(order.id, `Claire ${round}`);
    for (const tab of left) await expect(tab.row(order.id)).toContainText(`Claire ${round}`);

    const reader = readers.at(-1);
    const asked: string[] = [];
    context.on("request", (request) => asked.push(request.url()));
    left = left.filter(({ page }) => page !== reader);
    await reader?.close();
    await server.direct.update(order.id, { customer_name: `Gute ${round}` });
    for (const tab of left) {
      await expect(tab.row(order.id)).toContainText(`Gute ${round}`);
      await tab.isLive();
    }
    expect(readers).toHaveLength(1 + round);
    expect(asked.filter((url) => /\/api\/orders(\?|$)/.test(url))).toEqual([]);
  }

  const onAll = left.filter((tab) => !onPending.includes(tab));
  await onAll[0]?.move(order.id, "Shipped");
  for (const tab of onAll) await expect(tab.row(order.id)).toContainText("Shipped");
  for (const tab of left.filter((one) => onPending.includes(one)))
    await expect(tab.row(order.id)).toHaveCount(0);
});

test("eight tabs on the long poll share one request, and come back together after the server's death", async ({
  context,
  server,
}) => {
  const order = await server.create({ customer_name: "Claire Gute" });
  const { tabs, readers } = await openTabs(context, "long-poll");
  expect(new Set(readers).size).toBe(1);
  await server.api.kill("SIGKILL");
  for (const { connection } of tabs) await expect(connection).not.toHaveAttribute("data-state", "live");
  await server.direct.update(order.id, { customer_name: "Claire G." });
  await server.api.start();
  for (const tab of tabs) {
    await tab.isLive();
    await expect(tab.row(order.id)).toContainText("Claire G.");
  }
});
