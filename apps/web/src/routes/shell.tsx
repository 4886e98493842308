import { Link } from "@tanstack/react-router";
import { Keyboard } from "lucide-react";
import { Suspense, useState, type ReactNode } from "react";
import { CommandRegistry, Commands } from "../commands/command-registry.ts";
import { COMMAND_KEY, PaletteButton } from "../commands/palette-button.tsx";
import { ConnectionIndicator } from "../connection/connection-indicator.tsx";
import { useResyncNotice } from "../connection/use-resync-notice.ts";
import { useParts } from "../live/page-parts.tsx";
import { ColorSchemeToggle } from "../ui/color-scheme-toggle.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { LiveRegion } from "../ui/live-region.tsx";
import { keepSingleKeys, singleKeysOn } from "../ui/single-keys.ts";
import { RowIconSprite } from "../ui/row-icon.tsx";
import { ToastStack } from "../ui/toast-stack.tsx";
import { useCommandKey, useShortcuts } from "../ui/use-shortcuts.ts";
import { ShortcutsDialog } from "../ui/shortcuts-dialog.tsx";
import { Palette } from "./lazy-parts.tsx";
import { PageNav } from "./page-nav.tsx";
import { SingleKeys } from "./single-keys-context.ts";
import classes from "./shell.module.css";
import { GO_SHORTCUTS, useGoKeys } from "./use-go-keys.ts";
import { useOrdersAddress } from "./use-orders-address.ts";
import { useShellCommands } from "./use-shell-commands.ts";

/** What stays around every page: where one is, whether it is live, and the palette of all that can be done. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [registry] = useState(() => new CommandRegistry());
  return (
    <Commands value={registry}>
      <Frame>{children}</Frame>
    </Commands>
  );
}

function Frame({ children }: { readonly children: ReactNode }) {
  const { toasts } = useParts();
  useResyncNotice();
  const { goTo } = useOrdersAddress();
  const [dialog, setDialog] = useState<"help" | "palette" | null>(null);
  const [singleKeys, setSingleKeys] = useState(singleKeysOn);
  const showHelp = () => {
    setDialog("help");
  };
  const showPalette = () => {
    setDialog("palette");
  };
  const close = () => {
    setDialog(null);
  };
  const onSingleKeys = (on: boolean) => {
    keepSingleKeys(on);
    setSingleKeys(on);
  };
  useShortcuts({ "?": showHelp }, singleKeys);
  useGoKeys(singleKeys);
  useCommandKey("k", showPalette);
  useShellCommands({ singleKeys, onSingleKeys, onHelp: showHelp });
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
          <PaletteButton onOpen={showPalette} />
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
      {dialog === "help" && (
        <ShortcutsDialog
          more={[...GO_SHORTCUTS, { keys: [COMMAND_KEY, "K"], deed: "Every command" }]}
          singleKeys={singleKeys}
          onSingleKeys={onSingleKeys}
          onClose={close}
        />
      )}
      {dialog === "palette" && (
        <Suspense fallback={null}>
          <Palette
            onOpenOrder={(order) => {
              goTo({ order });
            }}
            onClose={close}
          />
        </Suspense>
      )}
    </SingleKeys>
  );
}
