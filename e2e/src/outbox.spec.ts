import { expect } from "@playwright/test";
import { violations } from "./axe.ts";
import { inEveryLook } from "./every-look.ts";
import { OrdersPage } from "./orders-page.ts";
import { agentTest as test, cards, openOutbox, shelf } from "./outbox-page.ts";

test("a ship in one tab makes a draft in another's Outbox; approved there, it stands in the order's history", async ({
  page: first,
  context,
  server,
  agent: _,
}) => {
  const { id } = await server.create({ customer_name: "Claire Gute" });
  const orders = await new OrdersPage(first).open();
  const second = await context.newPage();
  await openOutbox(second);
  await expect(second.getByTestId("agents")).toContainText("Texts by templates");

  await orders.move(id, "Shipped");
  await expect(cards(second)).toHaveCount(1);
  await expect(cards(second).first()).toContainText(`Your order #${id} is on its way`);
  await expect(cards(second).first()).toContainText("Claire Gute");

  await cards(second).first().getByRole("button", { name: "Edit" }).click();
  await second.getByLabel("Text").fill("Hello Claire, it is on its way.");
  await second.getByRole("button", { name: "Save" }).click();
  await second.getByRole("button", { name: "Approve" }).click();
  await expect(cards(second)).toHaveCount(0);
  await shelf(second, "Approved").click();
  await expect(cards(second)).toHaveCount(1);

  await orders.openForm(id);
  const told = first.getByTestId("story-message");
  await expect(told).toHaveCount(1);
  await expect(told).toContainText(`Your order #${id} is on its way`);
  await expect(told).toContainText("Approved");

  await cards(second).first().getByRole("button", { name: "Mark as sent" }).click();
  await expect(told).toContainText("Sent");
});

test("drafts are dismissed in bulk; one whose order goes elsewhere says why it is obsolete", async ({
  page,
  server,
  agent: _,
}) => {
  await openOutbox(page);
  const ids: number[] = [];
  for (const customer of ["Ada", "Bob", "Eve"]) {
    const { id } = await server.create({ customer_name: customer });
    await server.direct.update(id, { status: "shipped" });
    ids.push(id);
  }
  await expect(cards(page)).toHaveCount(3);
  await server.direct.remove(ids[0] ?? 0);
  await expect(cards(page)).toHaveCount(2);
  await page.getByLabel("Select all").check();
  await page.getByRole("button", { name: "Dismiss 2" }).click();
  await expect(cards(page)).toHaveCount(0);
  await shelf(page, "Set aside").click();
  await expect(cards(page)).toHaveCount(3);
  await expect(cards(page).filter({ hasText: "Ada" })).toContainText("The order was deleted meanwhile");
});

test("two letters lead to the Outbox, which says so when no agent runs", async ({ page, server }) => {
  await server.create({});
  await new OrdersPage(page).open();
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await expect(page.getByRole("heading", { name: "Outbox" })).toBeVisible();
  await expect(page.getByTestId("agents")).toContainText("No agent is running");
  await expect(page.getByText("Nothing to review.")).toBeVisible();
});

inEveryLook(() => {
  test("axe finds nothing in the Outbox", async ({ page, server, agent: _ }) => {
    const { id } = await server.create({});
    await openOutbox(page);
    await server.direct.update(id, { status: "shipped" });
    await expect(cards(page)).toHaveCount(1);
    await cards(page).first().getByRole("button", { name: "is on its way" }).click();
    await page.getByLabel("Select all").check();
    expect(await violations(page)).toEqual([]);
    await cards(page).first().getByRole("button", { name: "Edit" }).click();
    expect(await violations(page)).toEqual([]);
  });
});
