import { setTimeout as delay } from "node:timers/promises";

export interface EventuallyOptions {
  /** Milliseconds after which the last failure is thrown. Default 10,000. */
  within?: number;
  /** Milliseconds between two tries. Default 10. */
  every?: number;
}

/**
 * Tries until `attempt` neither throws nor gives `false`, and gives its result: a condition to wait for instead of a
 * sleep, or assertions that hold in the end. At the bound it throws the last failure. An attempt that hangs is cut off.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { within = 10_000, every = 10 }: EventuallyOptions = {},
): Promise<Exclude<T, false>> {
  const end = performance.now() + within;
  for (;;) {
    const outcome = await settle(attempt, end - performance.now());
    if (outcome.kind === "held") return outcome.value;
    if (performance.now() + every > end) throw lateError(outcome.reason, within);
    await delay(every);
  }
}

type Outcome<T> = { kind: "held"; value: Exclude<T, false> } | { kind: "not-yet"; reason: unknown };

async function settle<T>(attempt: () => T | Promise<T>, limitMs: number): Promise<Outcome<T>> {
  const done = new AbortController();
  const hangs = delay(Math.max(limitMs, 1), { kind: "not-yet", reason: "the attempt did not end" } as const, {
    signal: done.signal,
  });
  // Calling it off is how the race is tidied up.
  hangs.catch(() => undefined);
  try {
    return await Promise.race([run(attempt), hangs]);
  } finally {
    done.abort();
  }
}

async function run<T>(attempt: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await attempt();
    return isHeld(value) ? { kind: "held", value } : { kind: "not-yet", reason: "the condition is false" };
  } catch (reason) {
    return { kind: "not-yet", reason };
  }
}

function isHeld<T>(value: T): value is Exclude<T, false> {
  return value !== false;
}

function lateError(reason: unknown, within: number): Error {
  const said = reason instanceof Error ? reason.message : String(reason);
  return new Error(`Not within ${within} ms: ${said}`, { cause: reason });
}
