import { STATUS_LOOK } from "../status/status-look.ts";
import type { Departure } from "../live/departures.ts";
import classes from "./order-row.module.css";

/** Where a row went that left the list. */
export const DepartureWord = ({ to }: { readonly to: Departure["to"] }) => (
  <span className={classes.departed}>{wordOf(to)}</span>
);

function wordOf(to: Departure["to"]): string {
  switch (to) {
    case "deleted":
      return "Deleted";
    case "elsewhere":
      return "No match";
    case "unloaded":
      return "Not loaded";
    default:
      return `→ ${STATUS_LOOK[to].label}`;
  }
}
