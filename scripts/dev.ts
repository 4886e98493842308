import { spawn } from "node:child_process";
import { join } from "node:path";
import { createServer } from "vite";

// `pnpm dev`: the server, started again when its sources change, and the page by Vite, which passes requests on to it.
const root = join(import.meta.dirname, "..");
const web = join(root, "apps/web");

const server = spawn(
  process.execPath,
  [join(root, "node_modules/tsx/dist/cli.mjs"), "watch", "--clear-screen=false", "apps/api/src/main.ts"],
  { cwd: root, stdio: "inherit" },
);
process.env["API_URL"] ??= `http://127.0.0.1:${process.env["PORT"] ?? "3000"}`;
const vite = await createServer({ root: web, configFile: join(web, "vite.config.ts") });
await vite.listen();
vite.printUrls();

const end = (): void => {
  server.kill("SIGTERM");
  void vite.close();
};
process.once("SIGINT", end);
process.once("SIGTERM", end);
server.once("exit", (code) => {
  process.exitCode = code ?? 0;
  void vite.close();
});
