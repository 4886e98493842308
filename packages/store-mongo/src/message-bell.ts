import type { WakeUp } from "@live-orders/store/wake-up";
import type { ChangeStream, Db } from "mongodb";
import { messageRows } from "./message-rows.ts";
import { pauseUnless, StreamBackoff } from "./stream-backoff.ts";
import type { StoreLogger } from "./store-logger.ts";

/** The server answers within this, changes or not; a change wakes it at once. In ms. */
const LOOK_MS = 4000;

/**
 * Calls `wakeUp` when a message has changed, until the signal aborts. The change stream is the bell alone: what has
 * changed is read by version. When it has opened, and after each failure, it calls, too, since it may have missed
 * something. Never rejects.
 */
export async function ringForMessages(
  db: Db,
  wakeUp: WakeUp,
  logger: StoreLogger,
  signal: AbortSignal,
): Promise<void> {
  const backoff = new StreamBackoff();
  while (!signal.aborted) {
    const stream = messageRows(db).watch([{ $project: { _id: 1 } }], { maxAwaitTimeMS: LOOK_MS });
    const close = (): void => void stream.close().catch(() => undefined);
    signal.addEventListener("abort", close, { once: true });
    // With the first answer: from there on it misses nothing.
    stream.once("resumeTokenChanged", () => wakeUp.call());
    try {
      await ring(stream, wakeUp, backoff, signal);
    } catch (error) {
      if (!isOver(signal)) logger.warn({ err: error }, "The bell of the messages is silent; trying again");
    } finally {
      signal.removeEventListener("abort", close);
      close();
    }
    wakeUp.call();
    await pauseUnless(signal, backoff.next());
  }
}

async function ring(
  stream: ChangeStream,
  wakeUp: WakeUp,
  backoff: StreamBackoff,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const event = await unlessAborted<unknown>(stream.tryNext(), signal);
    if (event !== null) wakeUp.call();
    backoff.reset();
  }
}

/** Null as soon as the signal aborts: the server may hold its answer for the rest of a look. */
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(null);
    signal.addEventListener("abort", abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** It may have changed since the loop began. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;
