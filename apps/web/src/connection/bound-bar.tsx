import { describeError } from "@live-orders/client/api-error";
import { useMemo } from "react";
import type { ListReadingState } from "../live/list-reading.ts";
import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import type { Tab } from "../status/status-tabs.tsx";
import { Button } from "../ui/button.tsx";
import { boundWord } from "./bound-word.ts";
import classes from "./stale-bar.module.css";

interface BoundBarProps {
  readonly tab: Tab;
  readonly q: string;
  /** A new object for each time that the server counted. */
  readonly counts: Readonly<Record<Tab, number>> | null;
  readonly reading: ListReadingState & { readonly again: () => void };
}

/** Says that there are more orders than the page holds, and when those that the list needs of them could not be read. */
export function BoundBar({ tab, q, counts, reading }: BoundBarProps) {
  const { rows } = useParts();
  const { snapshot } = useLiveStatus();
  const searched = rows.q();
  const isIn = snapshot.kind === "bounded" && reading.kind !== "reading";
  // As of the counting: what the feed tells until the next one is as much the server's as it is the list's.
  const missing = useMemo(
    () => (isIn && counts !== null && searched === q ? counts[tab] - rows.found() : 0),
    [isIn, counts, tab, rows, searched, q],
  );
  // An empty list says it in its place.
  const failed = isIn && reading.kind === "failed" && rows.count() > 0 ? reading : null;
  const word = boundWord({ shown: rows.found(), missing, q });
  if (failed === null && word === null) return null;
  return (
    <p className={classes.bar} data-end-bar role="status">
      {failed === null ? word : `Not all of the list could be read: ${describeError(failed.error)} `}
      {failed !== null && <Button onClick={reading.again}>Try again</Button>}
    </p>
  );
}
