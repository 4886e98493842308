import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { BOUNDS, type BoundName } from "./bounds.ts";
import { load, machine } from "./machine.ts";
import type { Measure, MeasureResult } from "./measure.ts";
import { MEASURES } from "./measures/all.ts";
import { findingRows, tableOf } from "./tables.ts";

const DOCS = path.resolve(import.meta.dirname, "../../docs");
const DATA = path.join(DOCS, "data/performance.json");
const PAGE = path.join(DOCS, "performance.md");

const boundNames = new Set<string>(Object.keys(BOUNDS));
const boundNameSchema = z.custom<BoundName>((name) => typeof name === "string" && boundNames.has(name));
const recordedSchema = z.object({
  title: z.string(),
  how: z.string(),
  machine: z.string(),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  findings: z.array(
    z.object({ bound: boundNameSchema, value: z.number(), otherwise: z.boolean().exactOptional() }),
  ),
});
const dataSchema = z.record(z.string(), recordedSchema);
type Data = z.infer<typeof dataSchema>;

/** Puts a measure into `docs/data/performance.json`, and all that is there into `docs/performance.md`. */
export async function publish({ name, title, how }: Measure, result: MeasureResult): Promise<void> {
  await mkdir(path.dirname(DATA), { recursive: true });
  const recorded = recordedSchema.parse({ title, how, machine: `${machine()} ${load()}`, ...result });
  const data = { ...(await readData()), [name]: recorded };
  await writeFile(DATA, `${JSON.stringify(data, null, 2)}\n`);
  const text = await readFile(PAGE, "utf8");
  const marked = /(<!-- tables -->\n)[^]*(<!-- end of tables -->)/;
  if (!marked.test(text)) throw new Error(`${PAGE} has no marks for the tables`);
  await writeFile(
    PAGE,
    text.replace(marked, (_all, from: string, to: string) => `${from}\n${pageOf(data)}\n${to}`),
  );
}

async function readData(): Promise<Data> {
  const text = await readFile(DATA, "utf8").catch(() => "{}");
  return dataSchema.parse(JSON.parse(text));
}

function pageOf(data: Data): string {
  const there = MEASURES.flatMap(({ name }) => data[name] ?? []);
  const summary = tableOf(findingRows(there.flatMap(({ findings }) => findings)));
  const sections = there.map(
    ({ title, how, machine: on, rows }) => `### ${title}\n\n${how}\n\n${tableOf(rows)}\n\n${on}\n`,
  );
  return [summary, "", ...sections].join("\n");
}
