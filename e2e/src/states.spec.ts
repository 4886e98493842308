import { expect } from "@playwright/test";
import { violations } from "./axe.ts";
import { sharedTest as test } from "./live-server.ts";
import { OTHER_PAGE_STATES } from "./other-page-states.ts";
import { PAGE_STATES } from "./page-states.ts";
import { widerThanPage } from "./page-width.ts";

// Each rule on either device, each colour on either in light and dark.
const LOOKS = [
  {
    look: "on a wide screen, in light and then in dark",
    use: { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
    widths: [1280, 768],
  },
  {
    look: "on a phone, in dark and then in light",
    use: { viewport: { width: 390, height: 844 }, isMobile: true, colorScheme: "dark" },
    widths: [390, 360],
  },
] as const;

for (const { look, use, widths } of LOOKS) {
  test.describe(look, () => {
    // What fades in must have come in before its contrast is measured.
    test.use({ ...use, contextOptions: { reducedMotion: "reduce" } });
    for (const { name, reach } of [...PAGE_STATES, ...OTHER_PAGE_STATES]) {
      test(`axe finds nothing in the state "${name}", and nothing is wider than the page`, async ({
        page,
        server,
      }) => {
        await reach(page, server, "few");
        expect(await violations(page)).toEqual([]);
        for (const width of widths) expect(await widerThanPage(page, width)).toEqual([]);
        const other = use.colorScheme === "dark" ? "light" : "dark";
        await page.emulateMedia({ colorScheme: other });
        await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", other);
        expect(await violations(page, "colours")).toEqual([]);
      });
    }
  });
}
