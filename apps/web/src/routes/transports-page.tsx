import { CutControls } from "../transports-page/cut-controls.tsx";
import { CutReport } from "../transports-page/cut-report.tsx";
import { LaneTable } from "../transports-page/lane-table.tsx";
import { LatencyChart } from "../transports-page/latency-chart.tsx";
import { useTrial } from "../transports-page/use-trial.ts";
import { WriterControls } from "../transports-page/writer-controls.tsx";
import classes from "./transports-page.module.css";
import { useTitle } from "./use-title.ts";

/** The same writes, seen in every way at once: how late, at what cost, and what is missed. */
export function TransportsPage() {
  useTitle("Transports");
  const { figures, cut } = useTrial();
  return (
    <main className={classes.page}>
      <div className={classes.head}>
        <div>
          <h1 className={classes.title}>Transports</h1>
          <p className={classes.about}>
            The same changes, whoever makes them, seen in five ways at once, each over connections of its own.
          </p>
        </div>
        <WriterControls />
      </div>
      <LaneTable figures={figures} />
      <p className={classes.note}>
        p50 and p95: from the commit to the arrival in this page, over the last minute. Seen: of the changes
        since this page was opened; a table that is read now and then shows the last state of a row alone. In
        vain: answers with nothing new in them. Received: bodies, messages and the heads of answers.
      </p>
      <h2 className={classes.subtitle}>Latency, the last minute</h2>
      <LatencyChart lanes={figures.lanes} />
      <div className={classes.head}>
        <h2 className={classes.subtitle}>When the line is cut</h2>
        <CutControls cut={figures.cut} onCut={cut} />
      </div>
      <CutReport cut={figures.cut} />
    </main>
  );
}
