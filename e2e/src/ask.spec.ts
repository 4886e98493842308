import { startAgentProcess } from "@live-orders/testkit/agent-process";
import { expect, type Page } from "@playwright/test";
import { violations } from "./axe.ts";
import { inEveryLook } from "./every-look.ts";
import { sharedTest as test, type LiveServer } from "./live-server.ts";
import { OrdersPage } from "./orders-page.ts";

/** An agent beside the server for as long as the page is looked at. */
async function withAgent(server: LiveServer, look: () => Promise<void>): Promise<void> {
  const agent = startAgentProcess({
    DATABASE_URL: server.databaseUrl,
    LIVE_ORDERS_URL: server.api.url,
    AGENT_PORT: String(server.agentPort),
  });
  try {
    await look();
  } finally {
    await agent.kill("SIGTERM");
  }
}

const answerer = (page: Page) => page.getByTestId("answerer");
const exchanges = (page: Page) => page.getByTestId("exchange");

async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel("Question").fill(question);
  await page.getByRole("button", { name: "Ask", exact: true }).click();
}

test("a question is answered with the orders that it speaks of; what answers is said", async ({
  page,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Claire Gute" });
  await withAgent(server, async () => {
    await page.goto("/ask");
    await expect(answerer(page)).toContainText("Answered by a grammar", { timeout: 30_000 });
    await ask(page, `What happened to order ${id}?`);
    await expect(exchanges(page)).toHaveAttribute("data-end", "answered");
    await expect(exchanges(page)).toContainText("By the grammar");
    await expect(exchanges(page)).toContainText(`Order #${id} is pending.`);
    await ask(page, "Approve all drafts at once!");
    await expect(exchanges(page).first()).toHaveAttribute("data-end", "not-understood");
    await expect(exchanges(page).first()).toContainText("I don't understand this question");
    await page.getByRole("link", { name: `#${id}`, exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`order=${id}`));
    await expect(page.getByRole("heading", { name: `#${id}` })).toBeVisible();
  });
});

test("two letters lead to it, and it says so when no agent is reachable", async ({ page, server }) => {
  await server.create({});
  await new OrdersPage(page).open();
  await page.keyboard.press("g");
  await page.keyboard.press("q");
  await expect(page.getByRole("heading", { name: "Ask" })).toBeVisible();
  await expect(answerer(page)).toContainText("No agent is reachable");
  await page.getByRole("button", { name: "Who waits longest?" }).click();
  await expect(exchanges(page)).toHaveAttribute("data-end", "failed");
  await expect(page.getByRole("alert")).toContainText("No agent answers questions");
});

inEveryLook(() => {
  test("axe finds nothing on the page, empty and with answers", async ({ page, server }) => {
    await server.create({});
    await withAgent(server, async () => {
      await page.goto("/ask");
      await expect(answerer(page)).toContainText("Answered by a grammar", { timeout: 30_000 });
      expect(await violations(page)).toEqual([]);
      await ask(page, "Who waits longest?");
      await expect(exchanges(page)).toHaveAttribute("data-end", "answered");
      await ask(page, "Why?");
      await expect(exchanges(page).first()).toHaveAttribute("data-end", "not-understood");
      expect(await violations(page)).toEqual([]);
    });
  });
});
