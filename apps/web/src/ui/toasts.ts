import type { Clock } from "@live-orders/client/clock";

/** A short word about what has just happened. */
export interface Toast {
  readonly id: number;
  /** A `notice` is not about what this person did. */
  readonly tone: "plain" | "failure" | "notice";
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

export interface Toasts {
  subscribe(listener: () => void): () => void;
  /** The latest last, four at most. The same array until something changes. */
  list(): readonly Toast[];
  show(toast: Partial<Omit<Toast, "id">> & Pick<Toast, "text">): number;
  dismiss(id: number): void;
  /** While a person points at them they stay. */
  pause(paused: boolean): void;
}

const MAX_TOASTS = 4;
/** In milliseconds. */
const LIFE = { plain: 8000, failure: 15_000, notice: 60_000 } as const;

export function createToasts(clock: Clock): Toasts {
  const listeners = new Set<() => void>();
  let toasts: readonly Toast[] = [];
  let lastId = 0;
  let paused = false;

  const set = (next: readonly Toast[]) => {
    toasts = next;
    for (const listener of listeners) listener();
  };
  const dismiss = (id: number) => {
    if (toasts.some((toast) => toast.id === id)) set(toasts.filter((toast) => toast.id !== id));
  };
  const expire = (id: number, tone: Toast["tone"]) => {
    clock.after(LIFE[tone], () => {
      if (!paused) dismiss(id);
      else if (toasts.some((toast) => toast.id === id)) expire(id, tone);
    });
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    list: () => toasts,
    show({ text, tone = "plain", action = null }) {
      const id = (lastId += 1);
      set([...toasts, { id, tone, text, action }].slice(-MAX_TOASTS));
      expire(id, tone);
      return id;
    },
    dismiss,
    pause(next) {
      paused = next;
    },
  };
}
