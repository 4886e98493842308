import type { Toasts } from "../ui/toasts.ts";
import { reportWord, type BulkReport } from "./bulk-report.ts";

interface Parts {
  readonly toasts: Toasts;
  /** Shows each row that was not written, with its reason. */
  readonly show: (report: BulkReport) => void;
}

/** Says what a bulk write came to, and offers to undo it, or to show what was not done. */
export function tellingOf({ toasts, show }: Parts) {
  return (report: BulkReport, done: string, undo: (() => void) | null): void => {
    const isWhole = report.failed.size === 0;
    const undoIt = undo && { label: "Undo", run: undo };
    const showWhich = {
      label: "Show which",
      run: () => {
        show(report);
      },
    };
    const text = reportWord(report, done);
    toasts.show({ tone: isWhole ? "plain" : "failure", text, action: isWhole ? undoIt : showWhich });
  };
}
