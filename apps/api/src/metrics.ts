import type { Change } from "@live-orders/protocol/change";
import type { RelayObserver } from "@live-orders/relay/relay-observer";
import type { Logger } from "pino";
import type { RecorderObserver, RecorderStatus } from "./history-recorder.ts";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Live readers of one room. */
export interface RoomReaders {
  readonly transport: "socket-io" | "sse";
  readonly room: string;
  readonly readers: number;
}

/** What is asked at each scrape. What can't be had just now is NaN. */
export interface Gauges {
  sockets(): Iterable<RoomReaders>;
  feed(): {
    readonly logChanges: number;
    readonly logBytes: number;
    readonly backlogBytes: number;
    readonly behind: number;
    readonly waitingReads: number;
  };
  /** In seconds; null where the database can't tell. */
  historyWindow(): Promise<number | null>;
  /** Changes left out of the feed since the start. */
  leftOut(): number;
  /** On a server that fills a durable history. */
  readonly history?: () => RecorderStatus;
}

/** How often the event loop's lag is sampled: each time wakes the process, idle or not. */
const EVENT_LOOP_SAMPLE_MS = 100;

/** The process's numbers: one registry, so that several servers may run in one process. */
export class Metrics {
  readonly registry = new Registry();
  readonly #changes = this.#counter("changes_total", "Changes handed to readers", ["op"]);
  readonly #replays = this.#counter("replays_total", "Readers that were caught up", ["rung"]);
  readonly #replayed = this.#counter("replayed_changes_total", "Changes handed over while catching up", [
    "rung",
  ]);
  readonly #resets = this.#counter("resets_total", "Readers that were told to start afresh", ["reason"]);
  readonly #restarts = this.#counter("stream_restarts_total", "Restarts of the change stream", ["cause"]);
  readonly #closed = this.#counter("readers_closed_total", "Connections that the relay ended", ["why"]);
  readonly #evicted = this.#counter(
    "readers_evicted_total",
    "Live readers taken out of their room for their backlog",
    [],
  );
  readonly #faults = this.#counter("faults_total", "Broken rules that the relay went on without", []);
  readonly #recorded = this.#counter("history_changes_total", "Changes put into the durable history", []);
  readonly #gaps = this.#counter("history_gaps_total", "Gaps after which the durable history began anew", [
    "reason",
  ]);
  readonly #lag = new Histogram({
    name: "live_orders_commit_to_emit_seconds",
    help: "From a change's commit, by the database's clock, until it was handed to its rooms",
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.registry],
  });
  readonly http = new Histogram({
    name: "live_orders_http_request_seconds",
    help: "HTTP requests",
    labelNames: ["method", "route", "status"],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({
      register: this.registry,
      eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS,
    });
  }

  /** The relay's side: what it tells becomes numbers, and what is out of order a line in the log. */
  observer(log: Logger): RelayObserver {
    return {
      emitted: (changes) => this.#emitted(changes),
      replayed: (rung, changes) => {
        this.#replays.inc({ rung });
        this.#replayed.inc({ rung }, changes);
      },
      replayOpened: (rung) => log.debug({ rung }, "reads history for readers that catch up"),
      reset: (reason) => this.#resets.inc({ reason }),
      sourceReset: (reason) =>
        log.warn({ reason }, "the feed started afresh: readers are told to read a snapshot"),
      sourceDown: ({ cause, detail, retryInMs }) => {
        this.#restarts.inc({ cause });
        log.warn({ cause, detail, retryInMs }, "the change stream is down");
      },
      evicted: () => this.#evicted.inc(),
      closed: (why) => this.#closed.inc({ why }),
      fault: (what, error) => {
        this.#faults.inc();
        log.error({ err: error }, what);
      },
    };
  }

  recorder(): RecorderObserver {
    return {
      recorded: (changes) => this.#recorded.inc(changes),
      gap: (reason) => this.#gaps.inc({ reason }),
    };
  }

  watch(gauges: Gauges): void {
    if (gauges.history) this.#watchRecorder(gauges.history);
    this.#gauge("sockets", "Readers by transport and room", ["transport", "room"], (gauge) => {
      gauge.reset();
      for (const { transport, room, readers } of gauges.sockets()) gauge.set({ transport, room }, readers);
    });
    this.#gauge("log_changes", "Changes in the log in RAM", [], (gauge) =>
      gauge.set(gauges.feed().logChanges),
    );
    this.#gauge("log_bytes", "Bytes of the log in RAM", [], (gauge) => gauge.set(gauges.feed().logBytes));
    this.#gauge("backlog_bytes", "Bytes that wait for readers", [], (gauge) =>
      gauge.set(gauges.feed().backlogBytes),
    );
    this.#gauge("readers_behind", "Readers that are not live yet", [], (gauge) =>
      gauge.set(gauges.feed().behind),
    );
    this.#gauge("waiting_reads", "Long polls that wait for a change", [], (gauge) =>
      gauge.set(gauges.feed().waitingReads),
    );
    this.#gauge(
      "left_out",
      "Changes left out of the feed since the start: they break the table",
      [],
      (gauge) => gauge.set(gauges.leftOut()),
    );
    this.#gauge(
      "history_window_seconds",
      "How far back the database's own log reaches",
      [],
      async (gauge) => {
        gauge.set((await gauges.historyWindow().catch(() => null)) ?? Number.NaN);
      },
    );
  }

  #watchRecorder(status: () => RecorderStatus): void {
    this.#gauge("history_lease_held", "1 on the node that fills the durable history", [], (gauge) =>
      gauge.set(status().holds ? 1 : 0),
    );
    this.#gauge(
      "history_lag_seconds",
      "Since when the durable history may lack changes, on the node that fills it",
      [],
      (gauge) => gauge.set(status().lagSeconds),
    );
  }

  #emitted(changes: readonly Change[]): void {
    const nowMs = Date.now();
    for (const { op, at } of changes) {
      this.#changes.inc({ op });
      // Two machines' clocks may differ.
      this.#lag.observe(Math.max(0, nowMs - Date.parse(at)) / 1000);
    }
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `live_orders_${name}`, help, labelNames, registers: [this.registry] });
  }

  #gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    collect: (gauge: Gauge<Label>) => void | Promise<void>,
  ): void {
    const gauge: Gauge<Label> = new Gauge({
      name: `live_orders_${name}`,
      help,
      labelNames,
      registers: [this.registry],
      collect: () => collect(gauge),
    });
  }
}
