import { stepTime, type ChartData } from "./chart-series.ts";
import classes from "./series-table.module.css";

interface SeriesTableProps {
  readonly title: string;
  readonly data: ChartData;
  /** In pixels, of the chart whose place it takes. */
  readonly height: number;
}

/** The figures of a chart, the newest first. */
export function SeriesTable({ title, data: { starts, stepMs, series }, height }: SeriesTableProps) {
  return (
    <div
      className={classes.scroll}
      style={{ height }}
      tabIndex={0}
      role="region"
      aria-label={`${title}, table`}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {starts
            .map((startMs, index) => (
              <tr key={startMs}>
                <th scope="row">{stepTime(startMs, stepMs)}</th>
                {series.map(({ name, values, format }) => {
                  const value = values[index] ?? null;
                  return <td key={name}>{value === null ? "–" : format(value)}</td>;
                })}
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </div>
  );
}
