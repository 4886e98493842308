import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let second = Math.floor(Date.now() / 1000);

const tick = () => {
  second = Math.floor(Date.now() / 1000);
  for (const listener of listeners) listener();
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    tick();
    timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** This machine's clock in ms since 1970, to `step` seconds; one timer for the whole page. */
export function useNow(step: number): number {
  return useSyncExternalStore(subscribe, () => Math.floor(second / step) * step) * 1000;
}
