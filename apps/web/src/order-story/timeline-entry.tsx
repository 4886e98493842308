import type { Order } from "@live-orders/protocol/order";
import { History } from "lucide-react";
import { useState } from "react";
import { STATUS_LOOK } from "../status/status-look.ts";
import { StatusBadge } from "../status/status-badge.tsx";
import { Button } from "../ui/button.tsx";
import { durationWord } from "../ui/duration.ts";
import { exactTime, relativeTime } from "../ui/relative-time.ts";
import { useNow } from "../ui/use-now.ts";
import { DeedLine, DeedMark } from "./deed-mark.tsx";
import type { ChangeEntry, StoryEntry } from "./story-entries.ts";
import { differsFrom, fieldWord } from "./story-words.ts";
import classes from "./timeline-entry.module.css";

interface TimelineEntryProps {
  readonly entry: StoryEntry;
  readonly order: Order | null;
  readonly onRestore: (then: Order) => void;
}

export function TimelineEntry({ entry, order, onRestore }: TimelineEntryProps) {
  const [open, setOpen] = useState(false);
  const thenId = `then-${entry.position}`;
  return (
    <li className={classes.entry} data-testid="story-entry">
      <DeedMark deed={entry.deed} />
      <div className={classes.body}>
        <p className={classes.head}>
          <span className={classes.deed}>
            <DeedLine deed={entry.deed} />
          </span>
          <EntryTime at={entry.at} />
        </p>
        <Details entry={entry} />
        {entry.then !== null && (
          <button
            type="button"
            className={classes.toggle}
            aria-expanded={open}
            aria-controls={thenId}
            onClick={() => {
              setOpen(!open);
            }}
          >
            <History size={12} aria-hidden />
            As it was {entry.deed.kind === "deleted" ? "before" : "then"}
          </button>
        )}
        {open && entry.then !== null && (
          <div id={thenId} className={classes.then}>
            <ThenOrder then={entry.then} order={order} onRestore={onRestore} />
          </div>
        )}
      </div>
    </li>
  );
}

function EntryTime({ at }: { readonly at: number }) {
  const now = useNow(5);
  return (
    <time className={classes.time} dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}

function Details({ entry: { deed, stay, then } }: { readonly entry: ChangeEntry }) {
  return (
    <>
      {stay !== null && (
        <p className={classes.line}>
          after {durationWord(stay.ms)} in {STATUS_LOOK[stay.status].label}
        </p>
      )}
      {deed.kind === "created" && then !== null && (
        <p className={classes.line}>
          {then.customer_name}, {then.product_name}, {STATUS_LOOK[then.status].label}
        </p>
      )}
      {deed.kind === "edited" &&
        deed.names.map(({ field, from, to }) => (
          <p key={field} className={classes.line}>
            {deed.move !== null && `${fieldWord(field)}: `}
            <del>{from}</del> <ins>{to}</ins>
          </p>
        ))}
    </>
  );
}

interface ThenOrderProps {
  readonly then: Order;
  readonly order: Order | null;
  readonly onRestore: (then: Order) => void;
}

/** The whole order as it was; what is different now stands out. */
function ThenOrder({ then, order, onRestore }: ThenOrderProps) {
  const differs = differsFrom(then, order);
  return (
    <>
      <dl className={classes.fields}>
        <div data-differs={order !== null && order.customer_name !== then.customer_name}>
          <dt>Customer</dt>
          <dd>{then.customer_name}</dd>
        </div>
        <div data-differs={order !== null && order.product_name !== then.product_name}>
          <dt>Product</dt>
          <dd>{then.product_name}</dd>
        </div>
        <div data-differs={order !== null && order.status !== then.status}>
          <dt>Status</dt>
          <dd>
            <StatusBadge status={then.status} />
          </dd>
        </div>
        <div>
          <dt>Updated</dt>
          <dd>{exactTime(Date.parse(then.updated_at))}</dd>
        </div>
      </dl>
      {differs ? (
        <Button
          onClick={() => {
            onRestore(then);
          }}
        >
          {order === null ? "Put it back like this" : "Restore this"}
        </Button>
      ) : (
        <p className={classes.line}>It is like this now.</p>
      )}
    </>
  );
}
