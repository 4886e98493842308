import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { sharedTest as test } from "./live-server.ts";
import { PAGE_STATES } from "./page-states.ts";

/** The rules that axe finds broken on what the page shows now: all, or those about colours alone. */
async function violations(page: Page, rules: "all" | "colours"): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations: found } = await (rules === "all" ? axe : axe.withRules("color-contrast")).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

// Each rule on either device, each colour on the wide screen in light and dark, and on the phone in dark.
const LOOKS = [
  {
    look: "on a wide screen, in light and dark",
    use: { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  },
  {
    look: "on a phone, in dark",
    use: { viewport: { width: 390, height: 844 }, isMobile: true, colorScheme: "dark" },
  },
] as const;

for (const { look, use } of LOOKS) {
  test.describe(look, () => {
    // What fades in must have come in before its contrast is measured.
    test.use({ ...use, contextOptions: { reducedMotion: "reduce" } });
    for (const { name, reach } of PAGE_STATES) {
      test(`axe finds nothing in the state "${name}"`, async ({ page, server }) => {
        await reach(page, server, "few");
        expect(await violations(page, "all")).toEqual([]);
        if (use.colorScheme === "dark") return;
        await page.emulateMedia({ colorScheme: "dark" });
        await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
        expect(await violations(page, "colours")).toEqual([]);
      });
    }
  });
}
