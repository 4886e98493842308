import { expect, test } from "vitest";
import { checkMutation } from "./bundle.ts";
import { findMutant } from "./mutant-hunt.ts";
import { MUTATIONS } from "./mutations.ts";

/** `pnpm mutations` tries all of them. */
const QUICK = MUTATIONS.filter((_, index) => index % 5 === 0);

test("at least 20 bugs can be planted, each where its source still stands", async () => {
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(20);
  for (const mutation of MUTATIONS) await expect(checkMutation(mutation)).resolves.toBeUndefined();
});

test.for(QUICK)("the simulation sees who would $name", { timeout: 300_000 }, async (mutation) => {
  const caught = await findMutant(mutation, 60);
  expect(caught).not.toBeNull();
});
