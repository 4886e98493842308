import { Modal } from "./modal.tsx";
import classes from "./shortcuts-dialog.module.css";

interface Shortcut {
  readonly keys: readonly string[];
  readonly deed: string;
}

const SHORTCUTS: readonly Shortcut[] = [
  { keys: ["N"], deed: "New order" },
  { keys: ["/"], deed: "Search" },
  { keys: ["J", "K"], deed: "Next and previous order" },
  { keys: ["Enter", "E"], deed: "Edit the order" },
  { keys: ["F2"], deed: "Edit the cell in place (or double-click)" },
  { keys: ["S"], deed: "Change the status" },
  { keys: ["X", "Space"], deed: "Select the order" },
  { keys: ["Z"], deed: "Undo" },
  { keys: ["Esc"], deed: "Close, or select nothing" },
  { keys: ["?"], deed: "This help" },
];

interface ShortcutsDialogProps {
  /** Those of the shell. */
  readonly more: readonly Shortcut[];
  readonly singleKeys: boolean;
  readonly onSingleKeys: (on: boolean) => void;
  readonly onClose: () => void;
}

export function ShortcutsDialog({ more, singleKeys, onSingleKeys, onClose }: ShortcutsDialogProps) {
  return (
    <Modal title="Keyboard" onClose={onClose}>
      <dl className={classes.list}>
        {[...SHORTCUTS, ...more].map(({ keys, deed }) => (
          <div key={deed} className={classes.item}>
            <dt>{deed}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label className={classes.option}>
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => {
            onSingleKeys(event.currentTarget.checked);
          }}
        />
        Single letters work as shortcuts
      </label>
    </Modal>
  );
}
