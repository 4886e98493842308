import { sharedTest as test } from "./live-server.ts";
import { PAGE_STATES } from "./page-states.ts";

/** Writes a picture of every state of the page to `screenshots/`: light, dark, on a wide screen and on a phone. */
const LOOKS = [
  { look: "light", use: { colorScheme: "light", viewport: { width: 1280, height: 800 } } },
  { look: "dark", use: { colorScheme: "dark", viewport: { width: 1280, height: 800 } } },
  { look: "phone", use: { colorScheme: "light", viewport: { width: 390, height: 844 }, isMobile: true } },
  { look: "phone-dark", use: { colorScheme: "dark", viewport: { width: 390, height: 844 }, isMobile: true } },
] as const;

for (const { look, use } of LOOKS) {
  test.describe(look, () => {
    test.use(use);
    for (const { name, reach } of PAGE_STATES) {
      test(name, async ({ page, server }) => {
        await reach(page, server, "many");
        await page.screenshot({ path: `screenshots/${name}-${look}.png` });
      });
    }
  });
}
