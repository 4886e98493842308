import type { ResetReason } from "@live-orders/protocol/socket-events";
import { STATUSES } from "@live-orders/protocol/status";
import type { Change } from "@live-orders/protocol/change";
import type { ReadOutcome } from "@live-orders/relay/reads";
import { createRelay, type Relay } from "@live-orders/relay/relay";
import { silentObserver } from "@live-orders/relay/relay-observer";
import { systemTimers } from "@live-orders/relay/timers";
import { type CursorParts, decodeCursor } from "@live-orders/store/cursor-parts";
import { type MongoStore, openMongoStore } from "@live-orders/store-mongo/mongo-store";
import { pino } from "pino";
import { HistoryRecorder } from "../src/history-recorder.ts";

/** A node as `createApplication` joins it, but for the transports. */
export interface RecordingNode {
  readonly store: MongoStore;
  readonly relay: Relay;
  /** Null with `historyDays: 0` or `records: false`. */
  readonly recorder: HistoryRecorder | null;
  readonly gaps: readonly ResetReason[];
  /** Which rungs its readers were caught up by. */
  readonly rungs: ReadonlySet<string>;
  /** All that a reader after `at` gets, up to a position; or what it is told instead. */
  changesAfter(at: CursorParts, upTo: string): Promise<readonly Change[] | ReadOutcome>;
  /** As `kill -9`: what is under way is cut off, the lease stays. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export interface RecordingNodeOptions {
  readonly uri: string;
  readonly database: string;
  /** Default 30. */
  readonly historyDays?: number;
  /** Whether it fills the history, when it gets the lease; default true. */
  readonly records?: boolean;
  /** Of the log in RAM; default 50,000. */
  readonly logChanges?: number;
}

const LEASE_MS = 1_500;

export async function startRecordingNode(options: RecordingNodeOptions): Promise<RecordingNode> {
  const { uri, database, historyDays = 30, records = true, logChanges = 50_000 } = options;
  const log = pino({ level: process.env["TEST_LOG_LEVEL"] ?? "silent" });
  const store = await openMongoStore({ uri, database, logger: log, historyDays, archiveLeaseMs: LEASE_MS });
  if (store.kind === "refused") throw new Error(store.reason);
  const rungs = new Set<string>();
  const gaps: ResetReason[] = [];
  const relay = createRelay({
    source: store.source,
    histories: store.ladder,
    now: () => store.orders.now(),
    timers: systemTimers,
    limits: { logChanges },
    observer: { ...silentObserver, replayOpened: (rung) => rungs.add(rung) },
  });
  const observer = { recorded: () => undefined, gap: (reason: ResetReason) => gaps.push(reason) };
  const archive = records ? store.archive : null;
  const recorder = archive && new HistoryRecorder({ archive, relay, log, observer });
  relay.start();
  recorder?.start();
  const end = async (): Promise<void> => {
    await recorder?.stop();
    await relay.stop();
    await store.close();
  };
  let ended: Promise<void> | null = null;
  return {
    store,
    relay,
    recorder,
    gaps,
    rungs,
    changesAfter: (at, upTo) => readAll(relay, at, upTo),
    crash: async () => {
      await store.close();
      await (ended ??= end());
    },
    stop: () => (ended ??= end()),
  };
}

async function readAll(relay: Relay, from: CursorParts, upTo: string): Promise<Change[] | ReadOutcome> {
  const { signal } = new AbortController();
  const changes: Change[] = [];
  let at = from;
  while (at.position < upTo) {
    const want = { statuses: STATUSES, after: at, limit: 500, waitMs: 1_000, signal };
    const outcome = await relay.read(want);
    if (outcome.kind !== "batch") return outcome;
    const batch = outcome.batch.decode();
    changes.push(...batch.changes);
    const next = decodeCursor(batch.cursor);
    if (next === null) throw new Error("The relay's own cursor is malformed");
    at = next;
  }
  return changes;
}
