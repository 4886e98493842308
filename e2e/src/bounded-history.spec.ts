import { activitySchema } from "@live-orders/protocol/http-activity";
import { startApi } from "@live-orders/testkit/api-process";
import { expect } from "@playwright/test";
import { violations } from "./axe.ts";
import { test } from "./live-server.ts";

test("a server that keeps no history says so on the activity and in an order's story, which go on live", async ({
  page,
  server,
}) => {
  const { id } = await server.create({ customer_name: "Ada" });
  const forgetful = await startApi({ DATABASE_URL: server.databaseUrl, HISTORY_DAYS: "0" });
  try {
    await page.goto(`${forgetful.url}/activity`);
    await expect(page.getByTestId("cut")).toContainText("This server keeps no history (HISTORY_DAYS is 0)");
    await server.direct.update(id, { status: "shipped" });
    await expect(page.getByTestId("newest").getByRole("listitem")).toHaveCount(1);
    await page.goto(`${forgetful.url}/?order=${id}`);
    await expect(page.getByText("This server keeps no history (HISTORY_DAYS is 0)")).toBeVisible();
    await server.direct.update(id, { status: "delivered" });
    await expect(page.getByTestId("story-entry")).toHaveCount(1);
    expect(await violations(page)).toEqual([]);
  } finally {
    await forgetful.dispose();
  }
});

for (const { cut, says } of [
  { cut: "history", says: "The history begins at" },
  { cut: "limit", says: "More has happened than is counted at once" },
] as const) {
  test(`an activity that is cut off by its ${cut} says since when it counts`, async ({ page, server }) => {
    await server.create({});
    await page.route("**/api/activity?*", async (route) => {
      const response = await route.fetch();
      const whole = activitySchema.parse(await response.json());
      await route.fulfill({ response, json: { ...whole, cut } });
    });
    await page.goto("/activity");
    await expect(page.getByTestId("cut")).toContainText(says);
    await expect(page.getByTestId("cut").locator("time")).toHaveText(/\d/);
    expect(await violations(page)).toEqual([]);
  });
}
