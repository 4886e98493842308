import { BOUNDS, type Finding, holds } from "./bounds.ts";
import type { FigureRow } from "./measure.ts";

/** A Markdown table: the first column is words, the others are figures. */
export function tableOf(rows: readonly FigureRow[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
  const widths = columns.map((_, at) => Math.max(3, ...cells.map((row) => (row[at] ?? "").length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, at) => (at === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), rule, ...body.map(line)].join("\n");
}

export const findingRows = (findings: readonly Finding[]): FigureRow[] =>
  findings.map((finding) => {
    const { what, at, bound, unit } = BOUNDS[finding.bound];
    const space = unit === "" ? "" : " ";
    return {
      measure: what,
      bound: `${at === "most" ? "≤" : "≥"} ${bound}${space}${unit}`,
      found: `${Number(finding.value.toPrecision(3))}${space}${unit}`,
      kept: holds(finding, bound) ? "yes" : "**no**",
    };
  });
