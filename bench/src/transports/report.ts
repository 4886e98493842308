import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { lineChart, type Series } from "../line-chart.ts";
import { machine } from "../machine.ts";
import { type TransportName, TRANSPORTS } from "./reader.ts";

export interface Figures {
  readonly transport: TransportName;
  readonly clients: number;
  /** Writes a second. */
  readonly rate: number;
  readonly requestsPerSecond: number;
  /** Of the requests, those that brought nothing new; null where none was made. */
  readonly emptyShare: number | null;
  /** Of all readers together, headers and frames included, both ways. */
  readonly kilobytesPerSecond: number;
  /** Write → seen, in ms. */
  readonly p50: number;
  readonly p99: number;
  /** Of the states that were written, those that a reader saw. */
  readonly seenShare: number;
  /** Of one core. */
  readonly cpuPercent: number;
  /** Beside the writes themselves. */
  readonly operationsPerSecond: number;
}

const DOCS = path.resolve(import.meta.dirname, "../../../docs");
const NAMES: Readonly<Record<TransportName, string>> = {
  "socket-io": "Socket.IO",
  sse: "SSE",
  "long-poll": "long poll",
  poll: "poll, 2 s",
  "table-poll": "table poll, 2 s",
};
const COLOURS: Readonly<Record<TransportName, string>> = {
  "socket-io": "#4f46e5",
  sse: "#0e9f6e",
  "long-poll": "#c27803",
  poll: "#d9467a",
  "table-poll": "#6b7280",
};
/** The chart is of this many writes a second. */
const CHARTED_RATE = 10;

const HEAD = [
  "writes/s",
  "clients",
  "transport",
  "p50 ms",
  "p99 ms",
  "seen",
  "requests/s",
  "in vain",
  "kB/s",
];
const HEAD_END = ["server CPU", "DB ops/s"];

/** A Markdown table, a row a measurement. */
export function tableOf(all: readonly Figures[]): string {
  const rows = [[...HEAD, ...HEAD_END], ...all.map(cellsOf)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const [head = "", ...body] = rows.map((row) => line(row, widths));
  const rule = `| ${widths.map((width, column) => (column === 2 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [head, rule, ...body].join("\n");
}

const line = (row: readonly string[], widths: readonly number[]): string =>
  `| ${row.map((cell, column) => (column === 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;

const cellsOf = (figures: Figures): string[] => [
  String(figures.rate),
  String(figures.clients),
  NAMES[figures.transport],
  amount(figures.p50),
  amount(figures.p99),
  share(figures.seenShare),
  amount(figures.requestsPerSecond),
  figures.emptyShare === null ? "–" : share(figures.emptyShare),
  amount(figures.kilobytesPerSecond),
  `${figures.cpuPercent.toFixed(0)} %`,
  figures.operationsPerSecond.toFixed(0),
];

const amount = (value: number): string =>
  Number.isNaN(value) ? "–" : value >= 100 ? value.toFixed(0) : value.toFixed(1);
const share = (value: number): string => `${(value * 100).toFixed(0)} %`;

/** Writes `docs/data/transports.json` and the charts, and puts table and charts into `docs/why-not-polling.md`. */
export async function publish(all: readonly Figures[]): Promise<void> {
  const on = machine();
  await mkdir(path.join(DOCS, "data"), { recursive: true });
  await writeFile(
    path.join(DOCS, "data/transports.json"),
    `${JSON.stringify({ machine: on, all }, null, 2)}\n`,
  );
  const charted = all.filter(({ rate }) => rate === CHARTED_RATE);
  const latency = lineChart({
    title: `Write → seen, median, ms (${CHARTED_RATE} writes/s)`,
    x: "clients",
    series: seriesOf(charted, ({ p50 }) => p50),
  });
  const cpu = lineChart({
    title: `Server CPU, % of a core (${CHARTED_RATE} writes/s)`,
    x: "clients",
    series: seriesOf(charted, ({ cpuPercent }) => Math.max(cpuPercent, 0.1)),
  });
  await writeFile(path.join(DOCS, "images/transports-latency.svg"), latency);
  await writeFile(path.join(DOCS, "images/transports-cpu.svg"), cpu);
  const page = path.join(DOCS, "why-not-polling.md");
  const text = await readFile(page, "utf8");
  const marked = /(<!-- figures -->\n)[^]*(<!-- end of figures -->)/;
  if (!marked.test(text)) throw new Error(`${page} has no marks for the figures`);
  await writeFile(page, text.replace(marked, `$1\n${[on, tableOf(all), ...CHARTS].join("\n\n")}\n\n$2`));
}

const CHARTS = [
  "![Write → seen by the number of clients](images/transports-latency.svg)",
  "![Server CPU by the number of clients](images/transports-cpu.svg)",
];

const seriesOf = (all: readonly Figures[], value: (figures: Figures) => number): Series[] =>
  TRANSPORTS.map((transport) => ({
    name: NAMES[transport],
    colour: COLOURS[transport],
    points: all.filter((one) => one.transport === transport).map((one) => [one.clients, value(one)] as const),
  }));
