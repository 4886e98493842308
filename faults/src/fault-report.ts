import type { DatabaseKind } from "./databases/tested-database.ts";
import type { Measure } from "./measures.ts";
import type { Fault, Trial } from "./trial.ts";

/** What one trial of one fault came to. */
export interface Report {
  readonly number: number;
  readonly name: string;
  readonly passesWhen: string;
  readonly database: DatabaseKind;
  readonly passed: boolean;
  readonly seconds: number;
  readonly measures: readonly Measure[];
  readonly remarks: readonly string[];
  readonly findings: readonly string[];
}

export function reportOf(fault: Fault, trial: Trial, seconds: number, error: unknown = null): Report {
  const { all, remarks, findings } = trial.measures;
  const { number, name, passesWhen } = fault;
  const failure = error === null ? [] : [error instanceof Error ? error.message : JSON.stringify(error)];
  return {
    number,
    name,
    passesWhen,
    database: trial.database,
    passed: error === null && findings.length === 0 && all.length > 0 && all.every(({ holds }) => holds),
    seconds: Math.round(seconds),
    measures: all,
    remarks,
    findings: [...findings, ...failure],
  };
}

const BOUND_SIGNS = { most: "≤", least: "≥", exactly: "=" } as const;

/** `reconnect p99 1.2 s (≤ 5)` */
export function measureText({ name, value, unit, bound, holds }: Measure): string {
  const limit = bound === null ? "" : ` (${BOUND_SIGNS[bound.kind]} ${bound.value})`;
  return `${name} ${value}${unit === "" ? "" : ` ${unit}`}${limit}${holds ? "" : " ✗"}`;
}

/** Lines for a terminal. */
export function reportText(report: Report): string {
  const head = `${report.passed ? "passed" : "FAILED"}  ${report.number}. ${report.name} [${report.database}, ${report.seconds} s]`;
  const lines = [
    ...report.measures.map(measureText),
    ...report.remarks,
    ...report.findings.map((finding) => `! ${finding}`),
  ];
  return [head, ...lines.map((line) => `          ${line}`)].join("\n");
}
