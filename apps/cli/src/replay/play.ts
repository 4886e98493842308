import { pause, type Clock } from "@live-orders/client/clock";
import type { PastEvent } from "./timeline.ts";

export interface PlayOptions {
  readonly events: readonly PastEvent[];
  /** Milliseconds of the past in one millisecond of now. */
  readonly speed: number;
  readonly perform: (event: PastEvent) => Promise<void>;
  /** Told when an event is started; `late`: how far playing is behind, in ms. */
  readonly onEvent: (event: PastEvent, late: number) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Writes at once: when the server can't keep up, the play gets late, and nothing piles up here. */
const MAX_IN_FLIGHT = 32;

/**
 * Performs each event when its time has come. Those of one order wait for each other, so that none ships before it was
 * created. Resolves when all are done, or the signal aborts; rejects with the first failure.
 */
export async function play(options: PlayOptions): Promise<void> {
  const { events, speed, perform, onEvent, clock, signal } = options;
  const first = events[0]?.at ?? 0;
  const started = clock.now();
  const inFlight = new Map<PastEvent["order"], Promise<void>>();
  const failures: unknown[] = [];
  for (const event of events) {
    const due = started + (event.at - first) / speed;
    if (due > clock.now()) await pause(clock, due - clock.now(), signal);
    while (inFlight.size >= MAX_IN_FLIGHT) await Promise.race(inFlight.values());
    if (signal.aborted || failures.length > 0) break;
    onEvent(event, Math.max(0, clock.now() - due));
    const { order } = event;
    const task = (inFlight.get(order) ?? Promise.resolve())
      .then(() => (failures.length > 0 ? undefined : perform(event)))
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => {
        if (inFlight.get(order) === task) inFlight.delete(order);
      });
    inFlight.set(order, task);
  }
  await Promise.all(inFlight.values());
  if (failures.length > 0) throw failures[0];
}
