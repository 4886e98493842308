import { join } from "node:path";
import type { Writable } from "node:stream";
import type { Application } from "./application.ts";
import { readConfig, type Config } from "./config.ts";
import { createLog } from "./log.ts";
import { openDatabase, storeKind, type OpenDatabase } from "./open-database.ts";
import { loadStore } from "./open-store.ts";
import { assertFree } from "./listening.ts";
import { startHint } from "./start-hint.ts";
import { inStartTime } from "./start-time.ts";

const PAGE_FOLDER = join(import.meta.dirname, "../../web/dist");
const EXAMPLES_FOLDER = join(import.meta.dirname, "../../../examples/browser");

export interface ServerProcess {
  readonly env: NodeJS.ProcessEnv;
  readonly out: Writable & { isTTY?: boolean };
  /** Ends the server; or calls its start off. */
  readonly signal: AbortSignal;
}

/**
 * The whole server from its environment: resolves when it has been ended by `signal` and all that it opened is closed.
 *
 * @throws StartupError
 */
export async function runServer({ env, out, signal }: ServerProcess): Promise<void> {
  const config = readConfig(env);
  const closing: (() => Promise<void>)[] = [];
  try {
    await assertFree(config.port, config.host);
    const parts = await open(config, { env, out, signal }, closing);
    const url = await parts.application.listen(config.port);
    out.write(startHint(url, parts.database));
    await aborted(signal);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function open(
  config: Config,
  { out, signal }: ServerProcess,
  closing: (() => Promise<void>)[],
): Promise<{ database: OpenDatabase; application: Application }> {
  const log = createLog(config.logLevel, out);
  const say = (line: string) => void out.write(`${line}\n`);
  const opening = openDatabase(config.database, { signal, say }).then((opened) => {
    closing.push(() => opened.stop());
    return opened;
  });
  // An embedded database starts in its own process while this one loads the rest of the server.
  const [database, openStore, { createApplication }] = await Promise.all([
    opening,
    loadStore(storeKind(config)),
    import("./application.ts"),
  ]);
  const { historyDays } = config;
  const store = await inStartTime(openStore({ url: database.url, log, historyDays }));
  closing.push(() => store.close());
  const { host, allowedOrigins, allowedHosts, agentUrl } = config;
  const callers = { host, allowedOrigins, allowedHosts };
  const folders = { pageFolder: PAGE_FOLDER, examplesFolder: EXAMPLES_FOLDER };
  const application = createApplication({ store, log, callers, agentUrl, ...folders });
  closing.push(() => application.stop());
  return { database, application };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
