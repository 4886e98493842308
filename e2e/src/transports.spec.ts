import { expect, type Page } from "@playwright/test";
import { test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

const SOCKETS = /\/socket\.io\//;
const STREAM = "**/api/changes/stream*";

/** A network that lets no WebSocket through. */
const blockSockets = (page: Page) => page.routeWebSocket(SOCKETS, (socket) => socket.close());

test("without WebSockets the page is live by Server-Sent Events, and goes on through a restart", async ({
  page,
  server,
}) => {
  await blockSockets(page);
  const order = await server.create({ customer_name: "Claire Gute" });
  const orders = await new OrdersPage(page).open();
  await expect(orders.connection).toHaveAttribute("data-transport", "sse");
  await expect(orders.connection).toContainText("SSE");
  await server.direct.update(order.id, { customer_name: "Claire G." });
  await expect(orders.row(order.id)).toContainText("Claire G.");

  await server.api.kill("SIGKILL");
  await expect(orders.connection).not.toHaveAttribute("data-state", "live");
  await server.direct.update(order.id, { customer_name: "C. Gute" });
  await server.api.start();
  await orders.isLive();
  await expect(orders.row(order.id)).toContainText("C. Gute");
});

test("a network that swallows WebSockets without a word and refuses streams leaves the long poll", async ({
  page,
  server,
}) => {
  await page.routeWebSocket(SOCKETS, () => undefined);
  await page.route(STREAM, (route) => route.abort());
  const order = await server.create({ customer_name: "Claire Gute" });
  await page.goto("/");
  const orders = new OrdersPage(page);
  await expect(orders.connection).toHaveAttribute("data-transport", "long-poll", { timeout: 30_000 });
  await orders.isLive();
  await server.direct.update(order.id, { customer_name: "Claire G." });
  await expect(orders.row(order.id)).toContainText("Claire G.");
  await expect(orders.tab("All")).toContainText("1");
});

test("a person chooses the transport, goes on without a gap, and finds the choice after a reload", async ({
  page,
  server,
}) => {
  const order = await server.create({ customer_name: "Claire Gute" });
  const orders = await new OrdersPage(page).open();
  await expect(orders.connection).toHaveAttribute("data-transport", "socket.io");
  const lists: string[] = [];
  page.on("request", (request) => {
    if (/\/api\/orders(\?|$)/.test(request.url())) lists.push(request.url());
  });
  for (const [choice, name] of [
    ["Poll every 2 s", "poll"],
    ["Server-Sent Events", "sse"],
    ["Long poll", "long-poll"],
  ] as const) {
    await orders.connection.getByRole("button", { name: /Live/ }).click();
    await page.getByRole("radio", { name: choice }).check();
    await page.keyboard.press("Escape");
    await server.direct.update(order.id, { customer_name: `Over ${name}` });
    await expect(orders.connection).toHaveAttribute("data-transport", name);
    await expect(orders.row(order.id)).toContainText(`Over ${name}`);
  }
  expect(lists).toEqual([]);
  await page.reload();
  await orders.isLive();
  await expect(orders.connection).toHaveAttribute("data-transport", "long-poll");
});
