import type { EmbeddedFailure } from "./embedded-failure.ts";
import type { ProcessExit } from "./leashed-process.ts";
import type { MongodLogLine } from "./mongod-log.ts";

export interface MongodPlace {
  dataDir: string;
  port: number;
}

type Classifier = (text: string, place: MongodPlace) => EmbeddedFailure | undefined;

/** First match wins: a full disk is behind many later complaints. */
const classifiers: readonly Classifier[] = [
  (text, { dataDir }) =>
    /no space left on device|disk quota exceeded/i.test(text) ? { kind: "disk-full", dataDir } : undefined,
  (text, { dataDir }) => (text.includes("DBPathInUse") ? { kind: "data-dir-in-use", dataDir } : undefined),
  (text, { port }) => (text.includes("Address already in use") ? { kind: "port-in-use", port } : undefined),
  (text, { dataDir }) =>
    /UPGRADE PROBLEM|Wrong mongod version|unsupported WiredTiger|incompatible/i.test(text)
      ? { kind: "data-incompatible", dataDir, reason: shorten(text) }
      : undefined,
  (text, { dataDir }) =>
    /permission denied|read-only|operation not permitted/i.test(text)
      ? { kind: "data-dir-not-writable", dataDir, reason: shorten(text) }
      : undefined,
];

/** Says why a `mongod` ended, from its exit and the last errors of its log. */
export function explainExit(
  exit: ProcessExit,
  errors: readonly MongodLogLine[],
  place: MongodPlace,
): EmbeddedFailure {
  if (exit.spawnError !== undefined) {
    return { kind: "ended", how: "it could not be run", reason: exit.spawnError };
  }
  for (const classify of classifiers) {
    for (const line of errors) {
      const failure = classify(line.text, place);
      if (failure) return failure;
    }
  }
  const how = exit.signal ?? `code ${exit.code ?? "unknown"}`;
  return { kind: "ended", how, reason: shorten(errors.at(0)?.text ?? "it logged no error") };
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
