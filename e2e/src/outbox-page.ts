import { startAgentProcess, type AgentProcess } from "@live-orders/testkit/agent-process";
import { expect, type Locator, type Page } from "@playwright/test";
import { test } from "./live-server.ts";

/** With an agent beside the server, that has its place in the feed. */
export const agentTest = test.extend<{ agent: AgentProcess }>({
  agent: async ({ server }, use) => {
    const agent = startAgentProcess({
      DATABASE_URL: server.databaseUrl,
      LIVE_ORDERS_URL: server.api.url,
      AGENT_PORT: String(server.agentPort),
    });
    await expect
      .poll(async () => (await (await fetch(`${server.api.url}/api/agent`)).text()).includes("templates"), {
        timeout: 30_000,
      })
      .toBe(true);
    await use(agent);
    await agent.kill("SIGTERM");
  },
});

/** Opens the Outbox and waits until it is live. */
export async function openOutbox(page: Page): Promise<void> {
  await page.goto("/outbox");
  await expect(page.getByTestId("outbox")).toHaveAttribute("data-live", "true");
}

export const cards = (page: Page): Locator => page.locator("[data-message-id]");
export const shelf = (page: Page, name: string): Locator =>
  page.getByRole("navigation", { name: "Messages by state" }).getByRole("link", { name });
