import { STATUSES, type Status } from "@live-orders/protocol/status";
import { Check } from "lucide-react";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { menuPlace, type Anchor } from "./menu-anchor.ts";
import { STATUS_LOOK } from "./status-look.ts";
import classes from "./status-menu.module.css";

interface StatusMenuProps {
  readonly anchor: Anchor;
  readonly current: Status | null;
  readonly onPick: (status: Status) => void;
  readonly onClose: () => void;
}

/** One menu for all rows, so that a row costs no menu of its own. Keys by the ARIA practices for a menu. */
export function StatusMenu({ anchor, current, onPick, onClose }: StatusMenuProps) {
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const items = menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]");
    items?.[current === null ? 0 : STATUSES.indexOf(current)]?.focus({ preventScroll: true });
    // Only when it opens: the status may change while it is open.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  useEffect(() => {
    window.addEventListener("resize", onClose);
    window.addEventListener("wheel", onClose, { passive: true });
    return () => {
      window.removeEventListener("resize", onClose);
      window.removeEventListener("wheel", onClose);
    };
  }, [onClose]);

  return (
    <>
      <div className={classes.outside} aria-hidden onPointerDown={onClose} />
      <div
        ref={menu}
        className={classes.menu}
        role="menu"
        aria-label="Move to"
        tabIndex={-1}
        style={menuPlace(anchor, { width: window.innerWidth, height: window.innerHeight })}
        onKeyDown={(event) => {
          if (event.key === "Escape" || event.key === "Tab") onClose();
          else if (!moveFocus(event)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {STATUSES.map((status) => {
          const { label, icon: Icon } = STATUS_LOOK[status];
          return (
            <button
              key={status}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={classes.item}
              data-status={status}
              aria-current={status === current}
              onPointerMove={(event) => {
                event.currentTarget.focus({ preventScroll: true });
              }}
              onClick={() => {
                onPick(status);
              }}
            >
              <Icon size={15} aria-hidden />
              <span className={classes.label}>{label}</span>
              {status === current && <Check size={14} aria-hidden />}
            </button>
          );
        })}
      </div>
    </>
  );
}

/** True if the key leads to another item: the arrows, Home, End, or a label's first letter. */
function moveFocus(event: KeyboardEvent<HTMLElement>): boolean {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = items.findIndex((item) => item === document.activeElement);
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  const letter = STATUSES.findIndex((status) => status.startsWith(event.key.toLowerCase()));
  const next = steps[event.key] ?? (event.key.length === 1 && letter !== -1 ? letter : null);
  if (next === null) return false;
  items[(next + items.length) % items.length]?.focus({ preventScroll: true });
  return true;
}
