import { describeEnd, runBounded } from "./bounded-command.ts";

/** Oldest server with `changeStreamPreAndPostImages`: https://www.mongodb.com/docs/v6.0/changeStreams/ */
const OLDEST_MAJOR = 6;

export type MongodCheck =
  | { kind: "usable"; version: string }
  | { kind: "too-old"; version: string }
  | { kind: "broken"; reason: string };

/** Asks a binary for its version; a binary that cannot run here (a missing library, another CPU) is `broken`. */
export async function checkMongod(path: string): Promise<MongodCheck> {
  const end = await runBounded({ command: path, args: ["--version"], limitMs: 20_000 });
  if (end.kind !== "ended" || end.code !== 0) return { kind: "broken", reason: describeEnd(end) };
  const version = parseMongodVersion(end.output);
  if (version === undefined) return { kind: "broken", reason: "it does not say a version" };
  return majorOf(version) >= OLDEST_MAJOR ? { kind: "usable", version } : { kind: "too-old", version };
}

/** `db version v6.0.5` → `6.0.5` */
export function parseMongodVersion(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const match = /^db version v(\d+\.\d+\.\d+\S*)/.exec(line);
    if (match) return match[1];
  }
  return undefined;
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
