import { STATUSES, type Status } from "@live-orders/protocol/status";
import type { KeyboardEvent } from "react";
import { grouped } from "../ui/grouped-number.ts";
import { STATUS_LOOK } from "./status-look.ts";
import classes from "./status-tabs.module.css";

export type Tab = Status | "all";

const TABS: readonly Tab[] = ["all", ...STATUSES];
const labelOf = (tab: Tab): string => (tab === "all" ? "All" : STATUS_LOOK[tab].label);

interface StatusTabsProps {
  readonly selected: Tab;
  /** How many orders each tab holds; null while it is not known. */
  readonly counts: Readonly<Record<Tab, number>> | null;
  /** The id of the element that the tabs choose the content of. */
  readonly controls: string;
  readonly onSelect: (tab: Tab) => void;
}

/** The tabs choose the rooms that are watched. */
export function StatusTabs({ selected, counts, controls, onSelect }: StatusTabsProps) {
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = TABS[(TABS.indexOf(selected) + step + TABS.length) % TABS.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onSelect(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <div className={classes.tabs} role="tablist" aria-label="Orders by status" onKeyDown={move}>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          className={classes.tab}
          data-tab={tab}
          aria-selected={tab === selected}
          aria-controls={controls}
          tabIndex={tab === selected ? 0 : -1}
          onClick={() => {
            onSelect(tab);
          }}
        >
          {labelOf(tab)}{" "}
          {counts !== null && (
            <span className={classes.count} data-count={tab}>
              {grouped(counts[tab])}
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
