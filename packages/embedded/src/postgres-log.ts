/** One line of a PostgreSQL server's log, as it writes it to its standard error. */
export interface PostgresLogLine {
  /** `LOG`, `WARNING`, `ERROR`, `FATAL`, `PANIC`, `HINT`, …; empty for what is not of this form. */
  readonly severity: string;
  readonly text: string;
}

/** `2026-11-22 04:00:00.000 UTC [123] FATAL:  text`: the prefix is `log_line_prefix`. */
export function parsePostgresLog(line: string): PostgresLogLine {
  const [, severity = "", text = line] = /\] ([A-Z]+): {1,2}(.*)$/.exec(line) ?? [];
  return { severity, text: text.slice(0, 1_000) };
}

/** What a server says that does not start, or ends: also lines of the loader, which have no form. */
export const isTelling = ({ severity, text }: PostgresLogLine): boolean =>
  text !== "" && (["", "FATAL", "PANIC"].includes(severity) || text.startsWith("could not "));

export const isReady = ({ text }: PostgresLogLine): boolean =>
  text === "database system is ready to accept connections";
