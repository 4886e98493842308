import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Bar, barChart } from "./bar-chart.ts";
import { BOUNDS, type Finding, holds } from "./bounds.ts";
import type { FigureRow, Measure } from "./measure.ts";

const IMAGES = path.resolve(import.meta.dirname, "../../docs/images");
const COLOUR = { ours: "#4f46e5", others: "#9ca3af", kept: "#0e9f6e", missed: "#d9467a" };
/** How many times its bound a figure is shown at most. */
const MOST_OF_BOUND = 2;

/** Draws how much of each bound is used. @returns the image for a page in `docs/` */
export async function drawBounds(findings: readonly Finding[]): Promise<string> {
  const bars = findings.map((finding): Bar => {
    const value = shareOfBound(finding);
    const isKept = holds(finding, BOUNDS[finding.bound].bound);
    const colour = isKept ? COLOUR.kept : COLOUR.missed;
    return { label: BOUNDS[finding.bound].short, value, text: `${(value * 100).toFixed(0)} %`, colour };
  });
  const mark = { value: 1, text: "bound" };
  const title = "How much of each bound is used";
  return draw("bounds", title, barChart({ title, bars, mark, most: MOST_OF_BOUND, labels: 270 }));
}

/** Draws a measure's column, if it has one to be drawn. @returns the image for a page in `docs/`; empty for none */
export async function drawMeasure(
  { name, title, chart }: Measure,
  rows: readonly FigureRow[],
): Promise<string> {
  if (chart === undefined) return "";
  const { column, most } = chart;
  const bars = rows.map((row): Bar => {
    const [label] = Object.values(row);
    const isOurs = String(label).startsWith("Live Orders");
    const text = String(row[column]);
    return { label: String(label), value: Number(text), text, colour: isOurs ? COLOUR.ours : COLOUR.others };
  });
  const drawn = bars.filter(({ value }) => Number.isFinite(value));
  const heading = `${title}: ${column}`;
  return draw(
    name,
    heading,
    barChart({ title: heading, bars: drawn, ...(most === undefined ? {} : { most }) }),
  );
}

/** One for both directions: more than 1 is more than is allowed. A figure that may be 0 only uses all or nothing. */
function shareOfBound({ bound: name, value }: Finding): number {
  const { at, bound } = BOUNDS[name];
  if (bound === 0) return value > 0 ? MOST_OF_BOUND : 0;
  return at === "most" ? value / bound : bound / value;
}

async function draw(name: string, title: string, svg: string): Promise<string> {
  await mkdir(IMAGES, { recursive: true });
  await writeFile(path.join(IMAGES, `performance-${name}.svg`), svg);
  return `![${title}](images/performance-${name}.svg)`;
}
