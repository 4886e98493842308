/** What one chart shows, by steps of time. */
export interface ChartData {
  /** When each step begins, in ms since 1970. */
  readonly starts: readonly number[];
  readonly stepMs: number;
  /** The time that the chart covers, though steps may begin later. */
  readonly fromMs: number;
  readonly series: readonly ChartSeries[];
}

export interface ChartSeries {
  readonly name: string;
  /** One for each step; null: nothing is known of it. */
  readonly values: readonly (number | null)[];
  readonly look: "bars" | "line" | "area";
  /** The name of a colour of `tokens.css`: `--accent`. */
  readonly color: string;
  readonly format: (value: number) => string;
}

const minutes = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** A step by the clock of the person; with seconds where steps are shorter than a minute. */
export const stepTime = (startMs: number, stepMs: number): string =>
  (stepMs < 60_000 ? seconds : minutes).format(startMs);

export const axisTime = (ms: number): string => minutes.format(ms);

/** The chart in one sentence for each series, for those who do not see it. */
export function chartSummary({ series, starts, stepMs }: ChartData): string {
  return series.map((one) => seriesSummary(one, starts, stepMs)).join(" ");
}

function seriesSummary(
  { name, values, format }: ChartSeries,
  starts: readonly number[],
  stepMs: number,
): string {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined) return `${name}: nothing is known.`;
  const most = known.reduce((high, one) => (one.value > high.value ? one : high), first);
  const least = known.reduce((low, one) => (one.value < low.value ? one : low), first);
  const at = ({ value, index }: typeof first) =>
    `${format(value)} at ${stepTime(starts[index] ?? 0, stepMs)}`;
  if (most.value === least.value) return `${name}: ${format(last.value)} throughout.`;
  return `${name}: ${format(last.value)} now, most ${at(most)}, least ${at(least)}.`;
}
