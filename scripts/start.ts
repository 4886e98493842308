import { join } from "node:path";
import { builtDigest, inputsDigest, stampBuild } from "./build-stamp.ts";
import { watchWrappers } from "./wrapper-watch.ts";

// `pnpm start`: builds the page if its sources have changed, then runs the server in this process.
const root = join(import.meta.dirname, "..");
const web = join(root, "apps/web");
const dist = join(web, "dist");

const digest = await inputsDigest(root);
if ((await builtDigest(dist)) !== digest) {
  console.log("Building the page (once, until its sources change) …");
  const { build } = await import("vite");
  const quiet = { logLevel: "warn", build: { chunkSizeWarningLimit: 4096 } } as const;
  await build({ root: web, configFile: join(web, "vite.config.ts"), ...quiet });
  await stampBuild(dist, digest);
}
watchWrappers(() => process.kill(process.pid, "SIGTERM"));
await import("../apps/api/src/main.ts");
