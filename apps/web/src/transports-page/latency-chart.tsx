import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import type uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { LANE_WORDS, latencyWord } from "./lane-words.ts";
import { LANE_NAMES, type LaneName } from "./lane.ts";
import { WINDOW } from "./latency-window.ts";
import type { LaneFigures } from "./transports-trial.ts";
import classes from "./latency-chart.module.css";

const HEIGHT = 240;
/** In ms, on a scale by powers of ten: one way may be a thousand times as late as another. */
const LEAST = 1;
const MOST = 10_000;

/** The latency of each way over the last minute, second by second. */
export function LatencyChart({ lanes }: { readonly lanes: readonly LaneFigures[] }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme("light");
  const data = chartData(lanes);
  const latest = useRef(data);

  useEffect(() => {
    latest.current = data;
    chart.current?.setData(data);
  });

  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    let isGone = false;
    const fit = () => chart.current?.setSize({ width: box.clientWidth, height: HEIGHT });
    const watcher = new ResizeObserver(fit);
    void import("uplot").then(({ default: Plot }) => {
      if (isGone) return;
      chart.current = new Plot(chartOptions(box), latest.current, box);
      watcher.observe(box);
    });
    return () => {
      isGone = true;
      watcher.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
    // The colours are read when it is made.
  }, [scheme]);

  return (
    <div
      ref={place}
      className={classes.chart}
      role="img"
      aria-label="Latency of each way over the last minute, from 1 ms to 10 s; the table has the figures"
    />
  );
}

function chartData(lanes: readonly LaneFigures[]): uPlot.AlignedData {
  const seconds = Array.from({ length: WINDOW }, (_, index) => index - WINDOW + 1);
  const rows = LANE_NAMES.map((name) => {
    const values = lanes.find((lane) => lane.name === name)?.bySecond;
    return seconds.map((_, index) => {
      const value = values?.[index] ?? null;
      return value === null ? null : Math.min(MOST, Math.max(LEAST, value));
    });
  });
  return [seconds, ...rows];
}

function chartOptions(box: HTMLElement): uPlot.Options {
  const colour = (name: string) => getComputedStyle(box).getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--text-muted"),
    font: `11px ${colour("--font")}`,
    grid: { stroke: colour("--hairline"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: box.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [1 - WINDOW, 0] },
      y: { distr: 3, range: [LEAST, MOST] },
    },
    axes: [
      {
        ...axis,
        values: (_plot, splits) => splits.map((second) => (second === 0 ? "now" : `${-second} s ago`)),
      },
      {
        ...axis,
        size: 56,
        splits: () => [1, 10, 100, 1000, 10_000],
        values: (_plot, splits) => splits.map(latencyWord),
      },
    ],
    series: [{}, ...LANE_NAMES.map((name) => seriesOf(name, colour))],
  };
}

function seriesOf(name: LaneName, colour: (name: string) => string): uPlot.Series {
  const dash = colour(`--lane-dash-${name.replace(".", "-")}`);
  const stroke = colour(`--lane-${name.replace(".", "-")}`);
  return {
    label: LANE_WORDS[name].name,
    stroke,
    width: 2,
    spanGaps: true,
    points: { show: true, size: 5, fill: stroke },
    ...(dash !== "none" && { dash: dash.split(" ").map(Number) }),
  };
}
