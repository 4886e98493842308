import { STATUS_LOOK } from "../status/status-look.ts";
import type { Departure } from "../live/departures.ts";
import classes from "./order-row.module.css";

/** Where a row went that left the list. */
export function DepartureWord({ to }: { readonly to: Departure["to"] }) {
  const word = to === "deleted" ? "Deleted" : to === "elsewhere" ? "No match" : `→ ${STATUS_LOOK[to].label}`;
  return <span className={classes.departed}>{word}</span>;
}
