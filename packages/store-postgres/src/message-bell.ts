import { setTimeout as delay } from "node:timers/promises";
import type { WakeUp } from "@live-orders/store/wake-up";
import { z } from "zod";
import { OutboxListener } from "./outbox-listener.ts";
import { describeError } from "./server-error.ts";
import type { StoreLogger } from "./store-logger.ts";

/** How often the connection is tried; a dead one is found by that. In ms. */
const TRY_EVERY_MS = 5_000;
const GREATEST_PAUSE_MS = 5_000;
const BELL = { application: "live-orders messages", channel: "agent_messages_channel" };

/**
 * Calls `wakeUp` when a message has changed, until the signal aborts. After each failure it calls, too, since it may
 * have missed something. Never rejects.
 */
export async function ringForMessages(
  url: string,
  wakeUp: WakeUp,
  logger: StoreLogger,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await ring(url, wakeUp, signal, () => (failures = 0));
    } catch (error) {
      logger.warn({ reason: describeError(error) }, "the bell of the messages is silent; trying again");
    }
    wakeUp.call();
    failures += 1;
    const pause = Math.min(50 * 2 ** Math.min(failures, 10), GREATEST_PAUSE_MS);
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

async function ring(url: string, wakeUp: WakeUp, signal: AbortSignal, onLife: () => void): Promise<void> {
  const listener = await OutboxListener.connect(url, wakeUp, BELL);
  try {
    wakeUp.call();
    while (!signal.aborted) {
      await listener.run("SELECT 1", [], z.unknown());
      onLife();
      await delay(TRY_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    listener.close();
  }
}
