import { randomUUID } from "node:crypto";
import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeEnd, runBounded } from "./bounded-command.ts";
import { onceAcrossProcesses } from "./once-across-processes.ts";

export type ChromiumUnpack = { kind: "unpacked"; path: string } | { kind: "failed"; reason: string };

const UNPACK_LIMIT_MS = 120_000;
const LAUNCHER = "chromium.sh";

/** A machine without the NSS libraries, or without any fonts, gets those that came along. */
const launcherScript = `#!/bin/sh
here=$(dirname "$0")
if ldd "$here/chromium" | grep -q "not found"; then
  export LD_LIBRARY_PATH="$here/al2023/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
`;

/** Where the launcher of the installed version lies once it was unpacked. */
export async function unpackedChromiumPath(cacheDir: string): Promise<string> {
  return join(cacheDir, `chromium-${await packageVersion()}`, LAUNCHER);
}

/** Unpacks @sparticuz/chromium (210 MB) into the cache, once; it appears there whole, in one rename. */
export async function unpackChromium(cacheDir: string): Promise<ChromiumUnpack> {
  try {
    const path = await unpackedChromiumPath(cacheDir);
    await mkdir(cacheDir, { recursive: true });
    const find = async () => ((await exists(path)) ? { kind: "unpacked" as const, path } : undefined);
    const make = () => unpackTo(dirname(path), cacheDir);
    return await onceAcrossProcesses<ChromiumUnpack>({ lock: `${dirname(path)}.lock`, find, make });
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

async function unpackTo(target: string, cacheDir: string): Promise<ChromiumUnpack> {
  const work = join(cacheDir, `partial-${randomUUID()}`);
  try {
    await mkdir(work);
    const end = await runBounded({
      command: process.execPath,
      args: [fileURLToPath(new URL("chromium-unpack.mjs", import.meta.url))],
      // The second makes it unpack its libraries too: https://github.com/Sparticuz/chromium#usage
      env: { ...process.env, TMPDIR: work, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" },
      limitMs: UNPACK_LIMIT_MS,
      ipc: true,
    });
    if (end.kind !== "ended" || end.code !== 0) return { kind: "failed", reason: describeEnd(end) };
    await writeFile(join(work, LAUNCHER), launcherScript, { mode: 0o755 });
    await writeFile(join(work, "fonts.conf"), fontsConf(target));
    await moveFolder(work, target);
    return { kind: "unpacked", path: join(target, LAUNCHER) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The package's own names only folders under `/tmp` and `/opt`. */
function fontsConf(target: string): string {
  return `<?xml version="1.0"?>
<fontconfig>
  <dir>${target}/fonts/fonts</dir>
  <cachedir>${target}/fonts-cache</cachedir>
</fontconfig>
`;
}

async function moveFolder(from: string, to: string): Promise<void> {
  await rename(from, to).catch(async (error: unknown) => {
    // Another process was quicker: what it left is the same.
    if (!(await exists(join(to, LAUNCHER)))) throw error;
  });
}

async function packageVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const text = await readFile(join(dirname(entry), "..", "package.json"), "utf8");
  const version = /"version":\s*"([\w.+-]+)"/.exec(text)?.[1];
  if (version === undefined) throw new Error("@sparticuz/chromium has no version");
  return version;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
