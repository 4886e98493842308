import { describeError } from "@live-orders/client/api-error";
import { pause, systemClock } from "@live-orders/client/clock";
import { Feed } from "@live-orders/client/feed";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { serverTransport } from "@live-orders/client/server-transport";
import type { MessageStore } from "@live-orders/store/message-store";
import type { Logger } from "pino";
import { DraftDesk } from "./drafts/draft-desk.ts";
import type { Drafter } from "./drafts/drafter.ts";
import type { MailParts } from "./mail/open-mail.ts";
import { SendDesk } from "./mail/send-desk.ts";
import { isKnownPosition } from "./triggers/status-entry.ts";
import type { Trigger } from "./triggers/trigger.ts";
import { AgeingSweep } from "./watch/ageing-sweep.ts";
import { CauseRecorder } from "./watch/cause-recorder.ts";
import { freshLook } from "./watch/fresh-look.ts";
import { OrderWatcher } from "./watch/order-watcher.ts";

export interface AgentParts {
  readonly name: string;
  readonly serverUrl: string;
  readonly sweepMs: number;
  readonly messages: MessageStore;
  readonly triggers: readonly Trigger[];
  readonly drafter: Drafter;
  /** Null: it sends none. */
  readonly mail: MailParts | null;
  readonly log: Logger;
}

/**
 * Watches the orders and writes drafts until the signal aborts.
 *
 * @throws Error if the server refuses the agent's place in the feed
 */
export async function runAgent(parts: AgentParts, signal: AbortSignal): Promise<void> {
  const { name, messages, triggers, drafter, mail, log } = parts;
  const api = createOrdersApi({ baseUrl: parts.serverUrl });
  const by = `${name}-${process.pid}`;
  const recorder = new CauseRecorder({ messages, by, log });
  const look = { api, messages, recorder, triggers };
  const watcher = new OrderWatcher({
    ...look,
    name,
    about: { drafts_by: drafter.name, sends: mail !== null },
    freshLook: (since, lookSignal) => freshLook(look, since, lookSignal),
  });
  const autoSending = new Set(triggers.filter(({ auto_send }) => auto_send).map((trigger) => trigger.name));
  const desk = new DraftDesk({
    messages,
    drafter,
    by,
    log,
    // What the history did not tell for sure is a person's to judge.
    autoSends: ({ trigger, position }) => autoSending.has(trigger) && isKnownPosition(position),
  });
  const over = new AbortController();
  const running = AbortSignal.any([signal, over.signal]);
  const beside = [
    desk.run(running),
    sweepOnSchedule(new AgeingSweep(look), parts, running),
    ...(mail === null ? [] : [new SendDesk({ ...mail, api, messages, by, log }).run(running)]),
  ];
  try {
    await follow(
      new Feed({ transport: serverTransport(parts.serverUrl, api), consumer: watcher }),
      log,
      signal,
    );
  } finally {
    over.abort();
    await Promise.all(beside);
  }
}

/** Until the signal aborts; the server may come and go. */
async function follow(feed: Feed, log: Logger, signal: AbortSignal): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      let was = "";
      feed.subscribe(() => {
        const state = feed.state();
        if (state.kind === "refused") {
          const error = { kind: "problem", problem: state.problem, retryAfter: null } as const;
          reject(new Error(`The server refuses the agent's place in the feed: ${describeError(error)}`));
        }
        if (state.kind === "reconnecting" && was !== state.kind)
          log.warn({ cause: state.cause }, "no connection");
        if (state.kind === "live" && was !== state.kind) log.info("watches the orders");
        was = state.kind;
      });
      signal.addEventListener("abort", () => resolve(), { once: true });
      if (signal.aborted) resolve();
      else feed.start();
    });
  } finally {
    feed.stop();
  }
}

/** Never rejects: what a sweep could not look at, the next one will. */
async function sweepOnSchedule(
  sweep: AgeingSweep,
  { sweepMs, log }: Pick<AgentParts, "sweepMs" | "log">,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await sweep.run(signal).catch((error: unknown) => {
      if (!isOver(signal)) log.warn({ err: error }, "the pending orders can't be looked through just now");
    });
    await pause(systemClock, sweepMs, signal);
  }
}

/** It may have changed since the loop began. */
const isOver = (signal: AbortSignal): boolean => signal.aborted;
