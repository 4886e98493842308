import { test } from "@playwright/test";

const WIDTHS = { desktop: 1280, phone: 390 };

/** Declares the tests of `body` once for each colour scheme, on a wide screen and on a phone. */
export function inEveryLook(body: () => void): void {
  for (const colorScheme of ["light", "dark"] as const) {
    for (const [device, width] of Object.entries(WIDTHS)) {
      test.describe(`${colorScheme}, ${device}`, () => {
        test.use({ colorScheme, viewport: { width, height: 800 } });
        body();
      });
    }
  }
}
