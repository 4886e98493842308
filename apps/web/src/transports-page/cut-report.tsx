import { counted, grouped } from "../ui/grouped-number.ts";
import { LaneName } from "./lane-table.tsx";
import { latencyWord, shareWord } from "./lane-words.ts";
import type { CutState } from "./line-cut.ts";
import classes from "./lane-table.module.css";

/** What is going on with the lines, or what the last cut has come to. */
export function CutReport({ cut }: { readonly cut: CutState }) {
  return (
    <>
      <p role="status" data-testid="cut" data-state={cut.kind}>
        {cutWord(cut)}
      </p>
      {cut.kind === "done" && cut.changes > 0 && (
        <table role="table" className={classes.table} aria-label="After the cut">
          <thead role="rowgroup">
            <tr role="row">
              {["Way", "Got afterwards", "Lost", "Complete after"].map((name) => (
                <th key={name} role="columnheader" scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {cut.outcomes.map(({ name, got, lost, completeAfter }) => (
              <tr key={name} role="row" data-lane={name}>
                <th role="rowheader" scope="row">
                  <LaneName name={name} />
                </th>
                <td role="cell" data-column="Got afterwards">
                  {shareWord(got, cut.changes)}
                </td>
                <td role="cell" data-column="Lost" data-lost={lost > 0}>
                  {lost === 0 ? "none" : `${grouped(lost)} for good`}
                </td>
                <td role="cell" data-column="Complete after">
                  {completeAfter === null ? "never" : latencyWord(completeAfter)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function cutWord(cut: CutState): string {
  switch (cut.kind) {
    case "none":
      return "Cut every line for some seconds while something is being written, and see what each gets afterwards.";
    case "cut":
      return "Every line is cut.";
    case "catching-up":
      return "The lines are joined again, and the lanes catch up.";
    case "unknown":
      return "The server did not say what was written meanwhile. Try again.";
    case "done":
      return cut.changes === 0
        ? `Nothing was written during the cut of ${cut.seconds} s: there was nothing to miss.`
        : `${counted(cut.changes, "change")} ${cut.changes === 1 ? "was" : "were"} committed during the cut of ${cut.seconds} s.`;
  }
}
