import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import { grouped } from "../ui/grouped-number.ts";
import classes from "./stale-bar.module.css";

/** Says that there are more orders than the page holds. */
export function BoundBar({ total }: { readonly total: number | null }) {
  const { live } = useParts();
  const { snapshot } = useLiveStatus();
  if (snapshot.kind !== "bounded" || total === null) return null;
  return (
    <p className={classes.bar} data-end-bar role="status">
      The latest {grouped(live.size)} of {grouped(total)} orders are shown. A tab shows those of one status, a
      search also finds older ones.
    </p>
  );
}
