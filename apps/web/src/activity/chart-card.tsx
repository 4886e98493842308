import { Table2, ChartNoAxesColumn } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { chartSummary, stepTime, type ChartData } from "./chart-series.ts";
import classes from "./chart-card.module.css";
import { SeriesPlot } from "./series-plot.tsx";
import { SeriesTable } from "./series-table.tsx";

interface ChartCardProps {
  readonly title: string;
  /** What stands before the title. */
  readonly icon?: ReactNode;
  readonly data: ChartData;
  readonly height: number;
  readonly floor: "zero" | "near";
  /** In the place of the chart, as long as there is nothing to draw. */
  readonly empty?: string | null;
}

/** A chart with its figures: under the pointer, else the newest; and all of them as a table for whoever asks. */
export function ChartCard({ title, icon, data, height, floor, empty = null }: ChartCardProps) {
  const [point, setPoint] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const titleId = useId();
  const { starts, stepMs, series } = data;
  const index = point !== null && point < starts.length ? point : starts.length - 1;
  const Icon = asTable ? ChartNoAxesColumn : Table2;
  return (
    <section className={classes.card} aria-labelledby={titleId}>
      <header className={classes.head}>
        <h2 id={titleId} className={classes.title}>
          {icon}
          {title}
        </h2>
        <p className={classes.figures} aria-hidden>
          {series.map(({ name, values, format, color }) => {
            const value = values[index] ?? null;
            return (
              <span key={name} className={classes.figure}>
                {series.length > 1 && (
                  <>
                    <span className={classes.key} style={{ background: `var(${color})` }} />
                    <span className={classes.name}>{name}</span>
                  </>
                )}
                <strong>{value === null ? "–" : format(value)}</strong>
              </span>
            );
          })}
          <span className={classes.time}>
            {point === null ? "now" : stepTime(starts[index] ?? 0, stepMs)}
          </span>
        </p>
        <button
          type="button"
          className={classes.toggle}
          aria-pressed={asTable}
          aria-label={`${title} as a table`}
          title={asTable ? "As a chart" : "As a table"}
          onClick={() => {
            setAsTable(!asTable);
            setPoint(null);
          }}
        >
          <Icon size={15} aria-hidden />
        </button>
      </header>
      {asTable ? (
        <SeriesTable title={title} data={data} height={height} />
      ) : (
        <div className={classes.chart} role="img" aria-label={`${title}. ${empty ?? chartSummary(data)}`}>
          <SeriesPlot data={data} height={height} floor={floor} onPoint={setPoint} />
          {empty !== null && <p className={classes.empty}>{empty}</p>}
        </div>
      )}
    </section>
  );
}
