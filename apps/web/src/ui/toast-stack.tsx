import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import type { Toast, Toasts } from "./toasts.ts";
import classes from "./toast-stack.module.css";
import { usePointerLeave } from "./use-pointer-leave.ts";

export function ToastStack({ toasts }: { readonly toasts: Toasts }) {
  const list = useSyncExternalStore(
    (listener) => toasts.subscribe(listener),
    () => toasts.list(),
  );
  const ref = usePointerLeave<HTMLDivElement>(() => {
    toasts.pause(false);
  });
  return (
    <div
      ref={ref}
      className={classes.stack}
      role="region"
      aria-label="Messages"
      onPointerEnter={() => {
        toasts.pause(true);
      }}
    >
      {list.map((toast) => (
        <ToastItem
          key={toast.id}
          toast={toast}
          onDone={() => {
            toasts.dismiss(toast.id);
          }}
        />
      ))}
    </div>
  );
}

function ToastItem({ toast, onDone }: { readonly toast: Toast; readonly onDone: () => void }) {
  const { tone, text, action } = toast;
  return (
    <div className={classes.toast} data-tone={tone} role={tone === "failure" ? "alert" : "status"}>
      <span className={classes.text}>{text}</span>
      {action !== null && (
        <button
          type="button"
          className={classes.action}
          onClick={() => {
            onDone();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className={classes.close} aria-label="Dismiss" onClick={onDone}>
        <X size={15} aria-hidden />
      </button>
    </div>
  );
}
