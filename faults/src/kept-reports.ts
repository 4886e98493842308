import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, release, totalmem, type } from "node:os";
import path from "node:path";
import { z } from "zod";
import { DATABASES } from "./databases/tested-database.ts";
import { measureText, type Report } from "./fault-report.ts";

const DOCS = path.resolve(import.meta.dirname, "../../docs");
const FILE = path.join(DOCS, "data/faults.json");
const PAGE = path.join(DOCS, "guarantees.md");

const measureSchema = z.object({
  name: z.string(),
  // What never came about is infinite, which JSON does not know.
  value: z
    .number()
    .nullable()
    .transform((value) => value ?? Number.POSITIVE_INFINITY),
  unit: z.string(),
  kind: z.enum(["count", "time", "size"]),
  bound: z.object({ kind: z.enum(["most", "least", "exactly"]), value: z.number() }).nullable(),
  holds: z.boolean(),
});
const keptSchema = z.object({
  number: z.int(),
  name: z.string(),
  passesWhen: z.string(),
  database: z.enum(DATABASES),
  passed: z.boolean(),
  seconds: z.number(),
  measures: z.array(measureSchema),
  remarks: z.array(z.string()),
  findings: z.array(z.string()),
  machine: z.string(),
});
type Kept = z.infer<typeof keptSchema>;

/** Puts a report in place of the one before of the same fault and database, and the table of all into the page. */
export async function keep(report: Report): Promise<void> {
  const before = z.array(keptSchema).parse(JSON.parse(await readFile(FILE, "utf8").catch(() => "[]")));
  const others = before.filter(
    ({ number, database }) => number !== report.number || database !== report.database,
  );
  const all = [...others, { ...report, measures: [...report.measures], machine: machine() }] as Kept[];
  all.sort((a, b) => a.number - b.number || a.database.localeCompare(b.database));
  await mkdir(path.dirname(FILE), { recursive: true });
  await writeFile(FILE, `${JSON.stringify(all, null, 2)}\n`);
  await publish(all);
}

async function publish(all: readonly Kept[]): Promise<void> {
  const page = await readFile(PAGE, "utf8");
  const marked = /(<!-- table -->\n)[^]*(<!-- end of table -->)/;
  if (!marked.test(page)) throw new Error(`${PAGE} has no marks for the table`);
  const machines = [...new Set(all.map((report) => report.machine))].join("; ");
  await writeFile(PAGE, page.replace(marked, `$1\n${machines}.\n\n${tableOf(all)}\n\n$2`));
}

const NAMES = { mongodb: "MongoDB", postgres: "PostgreSQL" } as const;

/** A Markdown table, a row a trial, in Prettier's form. */
function tableOf(all: readonly Kept[]): string {
  const head = ["#", "fault", "database", "passes when", "", "measured"];
  const rows = all.map((report) => [
    String(report.number),
    report.name,
    NAMES[report.database],
    report.passesWhen,
    report.passed ? "passed" : "**failed**",
    figuresOf(report),
  ]);
  const widths = head.map((cell, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0), cell.length),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join(
    "\n",
  );
}

/** What could have come out otherwise: the zeros of the audit are told once, below the table. */
function figuresOf({ measures, remarks, findings }: Kept): string {
  const told = measures.filter(
    ({ bound, value, holds }) => !holds || bound?.kind !== "most" || value !== bound.value,
  );
  return [...told.map(measureText), ...remarks, ...findings]
    .map((text) => text.replaceAll("|", "\\|"))
    .join("; ");
}

/** The machine that figures are of, in one line. */
function machine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} cores (${processors[0]?.model.trim() ?? "unknown"}), ${memory} GiB, ${type()} ${release()}, Node ${process.versions.node}`;
}
