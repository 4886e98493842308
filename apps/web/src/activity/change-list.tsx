import type { Change } from "@live-orders/protocol/change";
import { ACTIVITY_LIMITS } from "@live-orders/protocol/http-activity";
import { Link } from "@tanstack/react-router";
import { ArrowUp } from "lucide-react";
import { useState } from "react";
import { DeedLine, DeedMark } from "../order-story/deed-mark.tsx";
import { deedOf } from "../order-story/story-entries.ts";
import { exactTime, relativeTime } from "../ui/relative-time.ts";
import { counted } from "../ui/grouped-number.ts";
import { useNow } from "../ui/use-now.ts";
import { usePointerLeave } from "../ui/use-pointer-leave.ts";
import classes from "./change-list.module.css";

/** The newest changes to read. While a person points at it or has the focus in it, nothing moves. */
export function ChangeList({ changes }: { readonly changes: readonly Change[] }) {
  const [held, setHeld] = useState<readonly Change[] | null>(null);
  const now = useNow(5);
  const shown = held ?? changes;
  const top = shown[0]?.position ?? "";
  const waiting = changes.filter(({ position }) => position > top).length;
  const hold = () => {
    setHeld((already) => already ?? changes);
  };
  const release = () => {
    setHeld(null);
  };
  const ref = usePointerLeave<HTMLElement>((feed) => {
    if (!feed.contains(document.activeElement)) release();
  });
  return (
    <section
      ref={ref}
      className={classes.feed}
      aria-labelledby="newest-title"
      onPointerEnter={(event) => {
        if (event.pointerType === "mouse") hold();
      }}
      onFocus={hold}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) release();
      }}
    >
      <header className={classes.head}>
        <h2 id="newest-title" className={classes.title}>
          Newest changes
        </h2>
        {waiting > 0 && (
          <button
            type="button"
            className={classes.newer}
            onClick={() => {
              setHeld(changes);
            }}
          >
            <ArrowUp size={13} aria-hidden />
            {waiting >= ACTIVITY_LIMITS.newest
              ? `${waiting}+ newer changes`
              : counted(waiting, "newer change")}
          </button>
        )}
      </header>
      {shown.length === 0 ? (
        <p className={classes.empty}>
          Nothing has happened yet. A change shows here the moment it is committed.
        </p>
      ) : (
        <ol className={classes.list} data-testid="newest">
          {shown.map((change) => (
            <ChangeItem key={change.position} change={change} now={now} />
          ))}
        </ol>
      )}
    </section>
  );
}

function ChangeItem({ change, now }: { readonly change: Change; readonly now: number }) {
  const { id, before, after, at } = change;
  const deed = deedOf(change);
  const order = after ?? before;
  const names = deed.kind === "edited" ? deed.names : [];
  const atMs = Date.parse(at);
  return (
    <li className={classes.item}>
      <Link to="/" search={{ order: id }} className={classes.link}>
        <DeedMark deed={deed} />
        <span className={classes.body}>
          <span className={classes.line}>
            <span className={classes.id}>#{id}</span>{" "}
            <span className={classes.deed}>
              <DeedLine deed={deed} />
            </span>
          </span>{" "}
          <span className={classes.what}>
            {names.length > 0
              ? names.map(({ from, to }) => `${from} → ${to}`).join(", ")
              : order && `${order.customer_name}, ${order.product_name}`}
          </span>
        </span>{" "}
        <time className={classes.time} dateTime={at} title={exactTime(atMs)}>
          {relativeTime(atMs, now)}
        </time>
      </Link>
    </li>
  );
}
