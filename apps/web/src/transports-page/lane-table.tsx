import { grouped } from "../ui/grouped-number.ts";
import { bytesWord, LANE_WORDS, latencyWord, shareWord, STATE_WORDS } from "./lane-words.ts";
import { LANE_NAMES } from "./lane.ts";
import type { LaneFigures, TrialFigures } from "./transports-trial.ts";
import classes from "./lane-table.module.css";

const COLUMNS = ["State", "p50", "p95", "Seen", "Requests", "In vain", "Received"] as const;

/** What each way has shown and cost so far. */
export function LaneTable({ figures }: { readonly figures: TrialFigures }) {
  const byName = new Map(figures.lanes.map((lane) => [lane.name, lane]));
  return (
    // The roles stay where a phone's layout takes the table's away.
    <table role="table" className={classes.table} aria-label="Ways to see the changes">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            Way
          </th>
          {COLUMNS.map((name) => (
            <th key={name} role="columnheader" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {LANE_NAMES.map((name) => (
          <tr key={name} role="row" data-lane={name}>
            <th role="rowheader" scope="row">
              <LaneName name={name} />
              <span className={classes.how}>{LANE_WORDS[name].how}</span>
            </th>
            {cellsOf(byName.get(name), figures.changes).map((text, index) => {
              const column = COLUMNS[index];
              return (
                <td key={column} role="cell" data-column={column}>
                  {text}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The lane's name beside the line that the chart draws for it. */
export function LaneName({ name }: { readonly name: LaneFigures["name"] }) {
  return (
    <span className={classes.name} data-lane={name}>
      <svg className={classes.swatch} width={18} height={8} aria-hidden>
        <line x1={0} y1={4} x2={18} y2={4} />
      </svg>
      {LANE_WORDS[name].name}
    </span>
  );
}

function cellsOf(lane: LaneFigures | undefined, changes: number): readonly string[] {
  if (lane === undefined) return COLUMNS.map((name) => (name === "State" ? STATE_WORDS.connecting : "–"));
  return [
    STATE_WORDS[lane.state],
    latencyWord(lane.p50),
    latencyWord(lane.p95),
    shareWord(lane.seen, Math.max(changes, lane.seen)),
    grouped(lane.requests),
    grouped(lane.inVain),
    bytesWord(lane.bytes),
  ];
}
