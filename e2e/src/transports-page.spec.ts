import { expect, type Page } from "@playwright/test";
import { test } from "./live-server.ts";

const lane = (page: Page, table: string, name: string) =>
  page.getByRole("table", { name: table }).getByRole("row").filter({ hasText: name });
const LANES = ["Socket.IO", "Server-Sent Events", "Long poll", "Poll every 2 s", "Table every 2 s"];
const WAYS = "Ways to see the changes";

async function open(page: Page): Promise<void> {
  await page.goto("/transports");
  for (const name of LANES) await expect(lane(page, WAYS, name)).toContainText("Live");
}

test("shows the writes over each transport, and what a cut takes from who reads the table", async ({
  page,
  server,
}) => {
  const order = await server.create({});
  await open(page);
  for (let count = 1; count <= 8; count += 1)
    await server.direct.update(order.id, { product_name: `Write ${count}` });
  for (const name of LANES.slice(0, 4)) await expect(lane(page, WAYS, name)).toContainText("8 of 8");
  await expect(lane(page, WAYS, "Table every 2 s")).toContainText(/[1-7] of 8/);
  await expect(lane(page, WAYS, "Socket.IO")).toContainText("8 of 810");

  await page.getByRole("button", { name: "Cut every line" }).click();
  await expect(page.getByTestId("cut")).toHaveAttribute("data-state", "cut");
  for (let count = 1; count <= 5; count += 1)
    await server.direct.update(order.id, { product_name: `Away ${count}` });
  await expect(page.getByTestId("cut")).toContainText("5 changes were committed during the cut of 5 s.");
  for (const name of LANES.slice(0, 4))
    await expect(lane(page, "After the cut", name)).toContainText("5 of 5none");
  await expect(lane(page, "After the cut", "Table every 2 s")).toContainText("1 of 54 for goodnever");
});

test("writes to an order of its own while it is asked to, and takes it away again", async ({
  page,
  server,
}) => {
  await open(page);
  await page.getByRole("button", { name: "Start writing" }).click();
  await expect.poll(() => server.direct.countOf("Transports page")).toBe(1);
  await expect(lane(page, WAYS, "Server-Sent Events")).toContainText(/\d+ ms/);
  await page.getByRole("link", { name: "Orders", exact: true }).click();
  await expect.poll(() => server.direct.countOf("Transports page")).toBe(0);
});
