import { Link } from "@tanstack/react-router";
import { Keyboard } from "lucide-react";
import { useState, type ReactNode } from "react";
import { ConnectionIndicator } from "../connection/connection-indicator.tsx";
import { useResyncNotice } from "../connection/use-resync-notice.ts";
import { useParts } from "../live/page-parts.tsx";
import { ColorSchemeToggle } from "../ui/color-scheme-toggle.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { LiveRegion } from "../ui/live-region.tsx";
import { keepSingleKeys, singleKeysOn } from "../ui/single-keys.ts";
import { RowIconSprite } from "../ui/row-icon.tsx";
import { ToastStack } from "../ui/toast-stack.tsx";
import { useShortcuts } from "../ui/use-shortcuts.ts";
import { ShortcutsDialog } from "../ui/shortcuts-dialog.tsx";
import { PageNav } from "./page-nav.tsx";
import { SingleKeys } from "./single-keys-context.ts";
import classes from "./shell.module.css";
import { GO_SHORTCUTS, useGoKeys } from "./use-go-keys.ts";

/** What stays around every page: where one is, and whether it is live. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { toasts } = useParts();
  useResyncNotice();
  const [help, setHelp] = useState(false);
  const [singleKeys, setSingleKeys] = useState(singleKeysOn);
  const showHelp = () => {
    setHelp(true);
  };
  useShortcuts({ "?": showHelp }, singleKeys);
  useGoKeys(singleKeys);
  return (
    <SingleKeys value={singleKeys}>
      <RowIconSprite />
      <div className={classes.shell}>
        <header className={classes.header}>
          <Link className={classes.brand} to="/">
            <img src="/favicon.svg" width={20} height={20} alt="" />
            <span className={classes.name}>Live Orders</span>
          </Link>
          <PageNav />
          <span className={classes.spacer} />
          <ConnectionIndicator />
          <span className={classes.wide}>
            <IconButton label="Keyboard shortcuts (?)" onClick={showHelp}>
              <Keyboard size={17} aria-hidden />
            </IconButton>
          </span>
          <ColorSchemeToggle />
        </header>
        {children}
      </div>
      <ToastStack toasts={toasts} />
      <LiveRegion />
      {help && (
        <ShortcutsDialog
          more={GO_SHORTCUTS}
          singleKeys={singleKeys}
          onSingleKeys={(on) => {
            keepSingleKeys(on);
            setSingleKeys(on);
          }}
          onClose={() => {
            setHelp(false);
          }}
        />
      )}
    </SingleKeys>
  );
}
