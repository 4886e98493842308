import { useMemo } from "react";
import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import type { Tab } from "../status/status-tabs.tsx";
import { boundWord } from "./bound-word.ts";
import classes from "./stale-bar.module.css";

interface BoundBarProps {
  readonly tab: Tab;
  readonly q: string;
  /** A new object for each time that the server counted. */
  readonly counts: Readonly<Record<Tab, number>> | null;
}

/** Says that there are more orders than the page holds. */
export function BoundBar({ tab, q, counts }: BoundBarProps) {
  const { rows } = useParts();
  const { snapshot } = useLiveStatus();
  // As of the counting: what the feed tells until the next one is as much the server's as it is the list's.
  const missing = useMemo(
    () => (snapshot.kind === "bounded" && counts !== null ? counts[tab] - rows.found() : 0),
    [snapshot, counts, tab, rows],
  );
  const word = boundWord({ shown: rows.found(), missing, q });
  if (word === null) return null;
  return (
    <p className={classes.bar} data-end-bar role="status">
      {word}
    </p>
  );
}
