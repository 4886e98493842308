import type { MessagesPage } from "@live-orders/protocol/http-agent";
import { Link } from "@tanstack/react-router";
import { grouped } from "../ui/grouped-number.ts";
import { SHELF_NAMES, shelfCount, SHELVES, type Shelf } from "./outbox-shelf.ts";
import classes from "./outbox.module.css";

interface OutboxTabsProps {
  readonly selected: Shelf;
  readonly counts: MessagesPage["counts"] | null;
}

export function OutboxTabs({ selected, counts }: OutboxTabsProps) {
  return (
    <nav className={classes.tabs} aria-label="Messages by state">
      {SHELF_NAMES.map((shelf) => (
        <Link
          key={shelf}
          to="/outbox"
          search={shelf === "review" ? {} : { show: shelf }}
          className={classes.tab}
          aria-current={shelf === selected ? "page" : undefined}
        >
          {SHELVES[shelf].label}
          {counts !== null && <span className={classes.count}>{grouped(shelfCount(shelf, counts))}</span>}
        </Link>
      ))}
    </nav>
  );
}
