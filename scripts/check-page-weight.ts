/** Fails when the page loads more JavaScript before it runs than it may. Build the page first. */
import { pageWeight } from "./page-weight.ts";

/** In bytes, gzipped. */
const BOUND = 250_000;

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

const weight = await pageWeight("apps/web/dist");
console.log(
  `The page's JavaScript before its lazy parts: ${kilobytes(weight)} gzipped, of ${kilobytes(BOUND)}`,
);
if (weight > BOUND) {
  console.error("That is too much: load what the first paint does not need by import().");
  process.exitCode = 1;
}
