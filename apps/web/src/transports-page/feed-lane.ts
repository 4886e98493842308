import type { FeedTransport } from "@live-orders/client/feed-transport";
import { Feed } from "@live-orders/client/feed";
import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import { STATUSES } from "@live-orders/protocol/status";
import type { LaneLine } from "./lane-line.ts";
import type { LaneMeter } from "./lane-meter.ts";
import type { Lane, LaneName, LaneState } from "./lane.ts";
import { LatencyWindow } from "./latency-window.ts";
import { SeenLog } from "./seen-log.ts";

export interface FeedLaneOptions {
  readonly name: Exclude<LaneName, "table">;
  readonly transport: FeedTransport;
  readonly line: LaneLine;
  readonly meter: LaneMeter;
  /** All lanes begin here. */
  readonly after: Cursor;
  /** The server's clock, in ms. */
  readonly now: () => number;
  readonly onChanges?: (changes: readonly Change[]) => void;
}

/** The feed over one transport, with a cursor of its own. */
export class FeedLane implements Lane {
  readonly name: LaneName;
  readonly latency = new LatencyWindow();
  readonly #options: FeedLaneOptions;
  readonly #feed: Feed;
  readonly #log = new SeenLog();
  #seen = 0;

  constructor(options: FeedLaneOptions) {
    this.name = options.name;
    this.#options = options;
    this.#feed = new Feed({
      transport: options.line.over(options.transport),
      network: options.line,
      consumer: {
        begin: (beginning) => {
          const after = beginning.kind === "reset" ? beginning.cursor : options.after;
          return Promise.resolve({ ok: true, value: { statuses: STATUSES, after } });
        },
        apply: (batch) => {
          this.#apply(batch);
        },
      },
    });
  }

  start(): void {
    this.#feed.start();
  }

  stop(): void {
    this.#feed.stop();
  }

  cut(): void {
    this.#options.line.cut();
  }

  join(): void {
    this.#options.line.join();
    this.#feed.reconnectNow();
  }

  state(): LaneState {
    if (!this.#options.line.online()) return "cut";
    return this.#feed.state().kind === "live" ? "live" : "connecting";
  }

  seen = () => this.#seen;
  cost = () => this.#options.meter.cost();
  sawAt = (change: Change) => this.#log.at(change.position);

  #apply({ changes }: ChangeBatch): void {
    if (changes.length === 0) return;
    this.#options.meter.broughtNews();
    const now = this.#options.now();
    this.#seen += changes.length;
    for (const change of changes) {
      this.#log.note(change.position, now);
      this.latency.add(now, now - Date.parse(change.at));
    }
    this.#options.onChanges?.(changes);
  }
}
