import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useEffectEvent, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { axisTime, type ChartData, type ChartSeries } from "./chart-series.ts";
import classes from "./series-plot.module.css";

interface SeriesPlotProps {
  readonly data: ChartData;
  /** In pixels. */
  readonly height: number;
  /** Where the axis of values begins; `near`: a little below the least. */
  readonly floor: "zero" | "near";
  /** The step under the pointer, on this chart or on another of the page; null: none. */
  readonly onPoint: (index: number | null) => void;
}

/** The charts of a page have one cursor. */
const SYNC = "activity";

/** Draws the series on a canvas. What it shows stands beside it in words, too. */
export function SeriesPlot({ data, height, floor, onPoint }: SeriesPlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const pointed = useEffectEvent((index: number | null) => {
    onPoint(index);
  });
  const rangeOfTime = useEffectEvent((): [number, number] => {
    const { fromMs, starts, stepMs } = data;
    return [fromMs / 1000, ((starts.at(-1) ?? fromMs) + stepMs) / 1000];
  });
  const begin = useEffectEvent((element: HTMLElement) => {
    const { clientWidth: width } = element;
    const options = optionsOf({ data, width, height, floor, color: colorsOf(element), pointed, rangeOfTime });
    return new uPlot(options, alignedOf(data), element);
  });

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = begin(element);
    plot.current = made;
    const resized = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: made.height });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [scheme, height, floor]);

  useEffect(() => {
    plot.current?.setData(alignedOf(data));
  }, [data]);

  return <div ref={box} className={classes.plot} style={{ height }} />;
}

const alignedOf = ({ starts, series }: ChartData): uPlot.AlignedData => [
  starts.map((ms) => ms / 1000),
  ...series.map(({ values }) => [...values]),
];

type Colors = (token: string, alpha?: number) => string;

/** The colours of `tokens.css` as a canvas takes them. */
function colorsOf(element: HTMLElement): Colors {
  const style = getComputedStyle(element);
  return (token, alpha = 1) => {
    const color = style.getPropertyValue(token).trim();
    return alpha === 1 ? color : `color-mix(in srgb, ${color} ${alpha * 100}%, transparent)`;
  };
}

interface OptionParts extends Pick<SeriesPlotProps, "data" | "height" | "floor"> {
  readonly width: number;
  readonly color: Colors;
  readonly pointed: (index: number | null) => void;
  readonly rangeOfTime: () => [number, number];
}

function optionsOf(parts: OptionParts): uPlot.Options {
  const { data, width, height, floor, color, pointed, rangeOfTime } = parts;
  const font = `11px ${color("--font")}`;
  const axis = {
    font,
    stroke: color("--text-faint"),
    ticks: { show: false },
    border: { show: false },
  };
  return {
    width,
    height,
    padding: [8, 6, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      // A step begins at its time: the pointer is over the last one that has begun.
      dataIdx: (self, _series, nearest, atSeconds) =>
        nearest > 0 && (self.data[0][nearest] ?? 0) > atSeconds ? nearest - 1 : nearest,
      drag: { x: false, y: false },
      sync: { key: SYNC, setSeries: false },
    },
    hooks: {
      setCursor: [
        ({ cursor }) => {
          pointed(cursor.idx ?? null);
        },
      ],
    },
    scales: {
      x: { time: true, range: rangeOfTime },
      y: { range: (_plot, least, most) => rangeOfValues(least, most, floor) },
    },
    series: [{}, ...data.series.map((one) => seriesOf(one, color))],
    axes: [
      {
        ...axis,
        size: 26,
        gap: 6,
        space: 74,
        grid: { show: false },
        values: (self, splits) => splits.map((split) => timeLabel(split, self)),
      },
      {
        ...axis,
        size: (_plot, values: string[] | null) =>
          14 + 6.5 * Math.max(1, ...(values ?? []).map((value) => value.length)),
        gap: 6,
        space: height < 140 ? 18 : 28,
        incrs: INCREMENTS,
        grid: { stroke: color("--hairline"), width: 1 },
        values: (_plot, splits) => splits.map((split) => data.series[0]?.format(split) ?? ""),
      },
    ],
  };
}

function seriesOf({ look, color: token, name }: ChartSeries, color: Colors): uPlot.Series {
  const stroke = color(token);
  if (look === "bars") {
    const paths = uPlot.paths.bars?.({ size: [0.74, 26], align: 1 });
    return { label: name, fill: stroke, stroke, width: 0, points: { show: false }, ...(paths && { paths }) };
  }
  const isArea = look === "area";
  return {
    label: name,
    stroke,
    width: 1.75,
    spanGaps: !isArea,
    points: { show: !isArea, size: 4, fill: stroke, stroke },
    ...(isArea && { fill: color(token, 0.13) }),
  };
}

/** Between two lines of the grid: whole numbers. */
const INCREMENTS = [1, 10, 100, 1000, 10_000, 100_000].flatMap((ten) => [ten, 2 * ten, 5 * ten]);

/** In pixels. */
const HALF_LABEL = 32;

/** None where it would be cut off by the chart's end. */
function timeLabel(atSeconds: number, { scales, width }: uPlot): string {
  const [from, to] = [scales["x"]?.min ?? 0, scales["x"]?.max ?? 0];
  const right = ((to - atSeconds) / (to - from)) * width;
  return right < HALF_LABEL ? "" : axisTime(atSeconds * 1000);
}

/** Whole numbers, with room above; never a range of nothing. */
function rangeOfValues(least: number | null, most: number | null, floor: "zero" | "near"): [number, number] {
  const [low, high] = [least ?? 0, most ?? 0];
  if (floor === "zero") return [0, Math.max(4, Math.ceil(high * 1.08))];
  const room = Math.max(2, Math.ceil((high - low) * 0.15));
  return [Math.max(0, low - room), high + room];
}
