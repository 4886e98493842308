import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { BOUNDS, type BoundName } from "./bounds.ts";
import { load, machine } from "./machine.ts";
import type { Measure, MeasureResult } from "./measure.ts";
import { MEASURES } from "./measures/all.ts";
import { drawBounds, drawMeasure } from "./performance-charts.ts";
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
  /** How long the measure took, in s. */
  seconds: z.number().exactOptional(),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  findings: z.array(
    z.object({ bound: boundNameSchema, value: z.number(), otherwise: z.boolean().exactOptional() }),
  ),
});
type Recorded = z.infer<typeof recordedSchema>;
const dataSchema = z.record(z.string(), recordedSchema);
type Data = z.infer<typeof dataSchema>;

/**
 * Puts a measure into `docs/data/performance.json` beside those that were measured before, and all that is there into
 * `docs/performance.md`, with its charts.
 *
 * @param seconds how long it took
 */
export async function publish(
  { name, title, how }: Measure,
  result: MeasureResult,
  seconds: number,
): Promise<void> {
  await mkdir(path.dirname(DATA), { recursive: true });
  const recorded = recordedSchema.parse({
    title,
    how,
    machine: `${machine()} ${load()}`,
    seconds,
    ...result,
  });
  const data = { ...(await readData()), [name]: recorded };
  await writeFile(DATA, `${JSON.stringify(data, null, 2)}\n`);
  const tables = await pageOf(data);
  const text = await readFile(PAGE, "utf8");
  const marked = /(<!-- tables -->\n)[^]*(<!-- end of tables -->)/;
  if (!marked.test(text)) throw new Error(`${PAGE} has no marks for the tables`);
  await writeFile(
    PAGE,
    text.replace(marked, (_all, from: string, to: string) => `${from}\n${tables}\n${to}`),
  );
}

async function readData(): Promise<Data> {
  const text = await readFile(DATA, "utf8").catch(() => "{}");
  return dataSchema.parse(JSON.parse(text));
}

async function pageOf(data: Data): Promise<string> {
  const there = MEASURES.flatMap((measure) => {
    const recorded = data[measure.name];
    return recorded === undefined ? [] : [{ measure, recorded }];
  });
  const findings = there.flatMap(({ recorded }) => recorded.findings);
  const parts = [tableOf(findingRows(findings)), await drawBounds(findings)];
  for (const { measure, recorded } of there) parts.push(await sectionOf(measure, recorded));
  return `${parts.join("\n\n")}\n`;
}

async function sectionOf(
  measure: Measure,
  { title, how, machine: on, seconds, rows }: Recorded,
): Promise<string> {
  const took = seconds === undefined ? on : `${on} It took ${seconds.toFixed(0)} s.`;
  const parts = [`### ${title}`, how, tableOf(rows), await drawMeasure(measure, rows), took];
  return parts.filter((part) => part !== "").join("\n\n");
}
