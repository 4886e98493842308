import type { EmbeddedFailure } from "./embedded-failure.ts";
import type { ProcessExit } from "./leashed-process.ts";
import type { PostgresLogLine } from "./postgres-log.ts";

interface Place {
  readonly dataDir: string;
  readonly port: number;
}

type Classifier = (text: string, place: Place) => EmbeddedFailure | undefined;

/** First match wins: a full disk is behind many later complaints. */
const classifiers: readonly Classifier[] = [
  (text, { dataDir }) =>
    /no space left on device|disk quota exceeded/i.test(text) ? { kind: "disk-full", dataDir } : undefined,
  (text, { dataDir }) =>
    /lock file "postmaster.pid" already exists|shared memory block .* is still in use/i.test(text)
      ? { kind: "data-dir-in-use", dataDir }
      : undefined,
  (text, { port }) => (text.includes("Address already in use") ? { kind: "port-in-use", port } : undefined),
  (text, { dataDir }) =>
    /incompatible with server|was initialized by PostgreSQL version/i.test(text)
      ? { kind: "data-incompatible", dataDir, reason: text }
      : undefined,
  (text, { dataDir }) =>
    /permission denied|read-only file system/i.test(text)
      ? { kind: "data-dir-not-writable", dataDir, reason: text }
      : undefined,
];

/** Says why a server ended, from its exit and the telling lines of its log. */
export function explainPostgresExit(
  exit: ProcessExit,
  lines: readonly PostgresLogLine[],
  place: Place,
): EmbeddedFailure {
  if (exit.spawnError !== undefined) {
    return { kind: "ended", how: "it could not be run", reason: exit.spawnError };
  }
  for (const classify of classifiers) {
    for (const line of lines) {
      const failure = classify(line.text, place);
      if (failure) return failure;
    }
  }
  const how = exit.signal ?? `code ${exit.code ?? "unknown"}`;
  return { kind: "ended", how, reason: lines.at(0)?.text ?? "it logged no error" };
}
