import { useEffect, useState } from "react";
import { useLiveStatus } from "../live/page-parts.tsx";
import { isStale } from "./connection-look.ts";
import classes from "./stale-bar.module.css";

/** A connection that comes back within this time is not worth a word; in milliseconds. */
const PATIENCE = 2000;
const clockTime = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** Says since when what is shown may be older than the database. `what`: "the orders". */
export function StaleBar({ what }: { readonly what: string }) {
  const { connection, snapshot } = useLiveStatus();
  const stale = isStale(connection) && snapshot.kind !== "empty";
  const since = useStaleSince(stale);
  if (since === null) return null;
  return (
    <p className={classes.bar} data-end-bar data-tone="trouble" role="status" data-testid="stale">
      Not live: {what} as of {clockTime.format(since)}. What changed since shows when the connection is back.
    </p>
  );
}

function useStaleSince(stale: boolean): number | null {
  const [since, setSince] = useState<number | null>(null);
  useEffect(() => {
    const began = Date.now();
    const timer = setTimeout(
      () => {
        setSince(stale ? began : null);
      },
      stale ? PATIENCE : 0,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [stale]);
  return since;
}
