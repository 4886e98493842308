import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** The rules that axe finds broken on what the page shows now, and where: all of them, or those about colours alone. */
export async function violations(page: Page, rules: "all" | "colours" = "all"): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations: found } = await (rules === "all" ? axe : axe.withRules("color-contrast")).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
