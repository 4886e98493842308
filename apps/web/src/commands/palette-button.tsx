import { Command } from "lucide-react";
import classes from "./palette-button.module.css";

/** As the keyboard at hand names it. */
export const COMMAND_KEY = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

/** Opens the palette; in the header it says by which keys, too. */
export function PaletteButton({ onOpen }: { readonly onOpen: () => void }) {
  return (
    <button
      type="button"
      className={classes.button}
      // Whoever speaks to the page says what is to be seen on the button.
      aria-label={`${COMMAND_KEY}K Commands`}
      title="Commands"
      onClick={onOpen}
    >
      <Command className={classes.icon} size={16} aria-hidden />
      <span className={classes.keys} aria-hidden>
        <kbd>{COMMAND_KEY}</kbd>
        <kbd>K</kbd>
      </span>
    </button>
  );
}
