import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, release, totalmem, type } from "node:os";
import path from "node:path";
import { z } from "zod";
import type { Report } from "./fault-report.ts";

const FILE = path.resolve(import.meta.dirname, "../../docs/data/faults.json");
const keptSchema = z.array(z.looseObject({ number: z.int(), database: z.string() }));

/** Puts a report in place of the one before of the same fault and database. */
export async function keep(report: Report): Promise<void> {
  const kept = keptSchema.parse(JSON.parse(await readFile(FILE, "utf8").catch(() => "[]")));
  const others = kept.filter(
    ({ number, database }) => number !== report.number || database !== report.database,
  );
  const all = [...others, { ...report, machine: machine() }];
  all.sort((a, b) => a.number - b.number || a.database.localeCompare(b.database));
  await mkdir(path.dirname(FILE), { recursive: true });
  await writeFile(FILE, `${JSON.stringify(all, null, 2)}\n`);
}

/** The machine that figures are of, in one line. */
function machine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} cores (${processors[0]?.model.trim() ?? "unknown"}), ${memory} GiB, ${type()} ${release()}, Node ${process.versions.node}`;
}
