import { useFocusTrap, useMediaQuery } from "@mantine/hooks";
import { X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { IconButton } from "./icon-button.tsx";
import { PHONE } from "./is-phone.ts";
import classes from "./side-panel.module.css";

interface SidePanelProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

/** Beside the table on a wide screen, over it on a narrow one, a sheet from below on a phone. */
export function SidePanel({ title, children, onClose }: SidePanelProps) {
  const isSheet = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const trap = useFocusTrap(isSheet);
  const panel = useRef<HTMLDivElement>(null);

  useEffect(() => {
    panel.current?.querySelector<HTMLElement>("[data-autofocus]")?.focus({ preventScroll: true });
  }, []);

  return (
    <>
      <div className={classes.scrim} aria-hidden onClick={onClose} />
      <div
        ref={(element) => {
          panel.current = element;
          trap(element);
        }}
        className={classes.panel}
        role="dialog"
        aria-modal={isSheet}
        aria-labelledby="panel-title"
        onKeyDown={(event) => {
          if (event.key !== "Escape" || event.defaultPrevented) return;
          event.stopPropagation();
          onClose();
        }}
      >
        <header className={classes.head}>
          <h2 id="panel-title" className={classes.title}>
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose}>
            <X size={17} aria-hidden />
          </IconButton>
        </header>
        <div className={classes.body}>{children}</div>
      </div>
    </>
  );
}
