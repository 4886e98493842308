import { existsSync } from "node:fs";
import { join } from "node:path";

/** Before all tests: the server serves the built page, and without it each of them would wait in vain. */
export default function assertBuiltPage(): void {
  if (!existsSync(join(import.meta.dirname, "../../apps/web/dist/index.html")))
    throw new Error("No page for the tests: `pnpm build` makes it.");
}
