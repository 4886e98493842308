import { RowIcon } from "../ui/row-icon.tsx";
import { STATUS_LOOK } from "../status/status-look.ts";
import { durationWord } from "../ui/duration.ts";
import type { StatusTotal } from "./story-entries.ts";
import classes from "./status-totals.module.css";

interface StatusTotalsProps {
  readonly totals: readonly StatusTotal[];
  /** In ms since 1970. */
  readonly now: number;
}

const lasted = ({ ms, since }: StatusTotal, now: number): number =>
  ms + (since === null ? 0 : Math.max(0, now - since));

/** How long the order has stood in each status: a bar to see it, and the words. */
export function StatusTotals({ totals, now }: StatusTotalsProps) {
  const known = totals.filter(({ whole, ms, since }) => whole || ms > 0 || since !== null);
  if (known.length === 0) return null;
  return (
    <div className={classes.totals}>
      <div className={classes.bar} aria-hidden>
        {known.map((total) => (
          <span
            key={total.status}
            data-status={total.status}
            style={{ flexGrow: Math.max(1, lasted(total, now)) }}
          />
        ))}
      </div>
      <dl className={classes.words}>
        {known.map((total) => (
          <div key={total.status} className={classes.word} data-status={total.status}>
            <dt>
              <RowIcon name={total.status} size={14} />
              {STATUS_LOOK[total.status].label}
            </dt>
            <dd>
              {!total.whole && "at least "}
              {durationWord(lasted(total, now))}
              {total.since !== null && " so far"}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
