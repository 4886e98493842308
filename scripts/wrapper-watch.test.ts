import { expect, it } from "vitest";
import { wrappersOf } from "./wrapper-watch.ts";

/** From the server's parent upwards. */
const table = (...commands: string[]) => {
  const pidOf = (index: number) => 100 - index;
  return wrappersOf(pidOf(0), (pid) => {
    const index = 100 - pid;
    const command = commands[index];
    return command === undefined ? null : { command, parent: pidOf(index + 1) };
  });
};

it("npx, pnpm and the shells between them wrap the server", () => {
  const wrappers = table(
    "sh -c node --import tsx scripts/start.ts",
    "node /opt/npm/_npx/a1/node_modules/.bin/pnpm start",
    "sh -c 'pnpm' start",
    "npm exec pnpm@10 start",
    "bash",
  );
  expect(wrappers).toEqual([100, 99, 98, 97]);
});

it.each([
  "bash -c npx -y pnpm@10 start &",
  "/bin/sh -c pnpm start > log &",
  "-bash",
  "python3 run.py",
  "node main.js",
])("whoever started them does not, and may end: %s", (starter) => {
  expect(table("sh -c node --import tsx scripts/start.ts", "node /usr/bin/pnpm.cjs start", starter)).toEqual([
    100, 99,
  ]);
});

it("a server that no runner started has none", () => {
  expect(table("bash -c node --import tsx scripts/start.ts", "sshd")).toEqual([]);
});
