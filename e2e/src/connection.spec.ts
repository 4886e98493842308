import { expect } from "@playwright/test";
import { lineOf } from "./api-line.ts";
import { sharedTest as test } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

test("the connection says its lag, counts down to the next try, and a person may try at once", async ({
  page,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Ada" });
  const line = await lineOf(page);
  const orders = await new OrdersPage(page).open();
  await server.direct.update(id, { customer_name: "Berg" });
  await expect(orders.connection).toHaveText(/Live · \d+ ms/);

  await line.cut();
  await expect(orders.connection).toHaveText(/Reconnecting in \d+ s/);
  await expect(page.getByTestId("stale")).toContainText(/Not live: the orders as of/);
  await server.direct.update(id, { customer_name: "Chloé" });
  line.mend();
  await orders.connection.getByRole("button", { name: "Try now" }).click();
  await orders.isLive();
  await expect(orders.row(id)).toContainText("Chloé");
  await expect(page.getByTestId("stale")).toHaveCount(0);
});

test("a machine without a network is offline, with what waits; back again it says so by itself", async ({
  page,
  context,
  server,
}) => {
  const { id } = await server.create({ status: "pending" });
  const line = await lineOf(page);
  const orders = await new OrdersPage(page).open();
  await expect(orders.row(id)).toBeVisible();
  await orders.isWarm();
  await line.cut();
  await context.setOffline(true);
  await expect(orders.connection).toHaveText(/^Offline/);
  await orders.move(id, "Shipped");
  await expect(orders.connection).toHaveText(/^Offline · 1 waiting/);
  line.mend();
  await context.setOffline(false);
  await orders.isLive();
  await expect(orders.connection).not.toContainText("waiting");
  await expect(orders.row(id)).toHaveAttribute("data-status", "shipped");
});

test("while it catches up it says how many changes came so far", async ({ page, server }) => {
  const { id } = await server.create({});
  // The acknowledgement after the cut is held back: what was missed arrives before it.
  const held: (() => void)[] = [];
  let isHolding = false;
  let cut: () => Promise<void> = () => Promise.resolve();
  await page.routeWebSocket(/\/socket\.io\//, (socket) => {
    cut = () => socket.close();
    socket.connectToServer().onMessage((message) => {
      const send = () => {
        socket.send(message);
      };
      if (isHolding && typeof message === "string" && message.startsWith("43")) held.push(send);
      else send();
    });
  });
  const orders = await new OrdersPage(page).open();
  await expect(orders.row(id)).toBeVisible();
  isHolding = true;
  await cut();
  await expect(orders.connection).not.toHaveAttribute("data-state", "live");
  for (let n = 1; n <= 30; n += 1) await server.direct.update(id, { product_name: `Chair ${n}` });
  await expect(orders.connection).toHaveText(/Catching up · \d+/);
  isHolding = false;
  for (const send of held) send();
  await orders.isLive();
  await expect(orders.row(id)).toContainText("Chair 30");
});

test("a burst of changes is one polite message, never one a row", async ({ page, server }) => {
  const made = await server.createMany(12, (n) => ({ customer_name: `Customer ${n}` }));
  const orders = await new OrdersPage(page).open();
  await expect(page.locator("[data-order-id]")).toHaveCount(12);
  const news = page.getByTestId("news");
  await expect(news).toHaveAttribute("aria-live", "polite");
  const said = await news.evaluateHandle((region) => {
    const sentences: string[] = [];
    new MutationObserver(() => sentences.push(region.textContent)).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    return sentences;
  });
  for (const { id } of made) await server.direct.update(id, { status: "shipped" });
  await expect(news).toHaveText("12 orders changed");
  await expect(orders.tab("Shipped")).toHaveText("Shipped 12");
  expect(await said.jsonValue()).toEqual(["12 orders changed"]);
});
