import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where programs that were fetched once are kept: `$XDG_CACHE_HOME/live-orders`, else `~/.cache/live-orders`.
 * An empty or relative `XDG_CACHE_HOME` counts as unset, as the XDG Base Directory Specification asks.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env["XDG_CACHE_HOME"];
  const root = xdg?.startsWith("/") === true ? xdg : join(homedir(), ".cache");
  return join(root, "live-orders");
}
