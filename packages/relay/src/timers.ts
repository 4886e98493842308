/** Time as the relay sees it, injected so that a test can play it. */
export interface Timers {
  /** Milliseconds of a clock that never goes back; only differences mean anything. */
  nowMs(): number;
  /** Calls `run` once, `ms` milliseconds from now at the earliest, and never from within this call. */
  after(ms: number, run: () => void): Cancel;
}

/** Calls a timer off. May be called at any time, more than once. */
export type Cancel = () => void;

/** The process's own clock. Its timers do not keep the process alive. */
export const systemTimers: Timers = {
  nowMs: () => performance.now(),
  after: (ms, run) => {
    const handle = setTimeout(run, ms);
    handle.unref();
    return () => {
      clearTimeout(handle);
    };
  },
};
