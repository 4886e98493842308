import { expect } from "@playwright/test";
import { test } from "./live-server.ts";

test("the EventSource page tells of every change, under the page's own content security policy, over the server's death", async ({
  page,
  server,
}) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  const answer = await page.goto("/examples/event-source.html");
  expect(answer?.headers()["content-security-policy"]).toContain("script-src 'self'");
  const state = page.locator("#state");
  await expect(state).toHaveText("live");
  const { id } = await server.create({ status: "pending" });
  await expect(page.getByText(`insert #${id} · → pending`)).toBeVisible();

  await server.api.kill("SIGKILL");
  await expect(state).toHaveText("reconnecting");
  await server.direct.update(id, { status: "shipped" });
  await server.api.start();
  await expect(state).toHaveText("live");
  await expect(page.locator("li")).toHaveText([
    `update #${id} pending → shipped`,
    `insert #${id} · → pending`,
  ]);
  expect(complaints).toEqual([]);
});
