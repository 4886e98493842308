import type { Change } from "@live-orders/protocol/change";
import type { LaneCost } from "./lane-meter.ts";
import type { LatencyWindow } from "./latency-window.ts";

/** One way to see the writes. */
export interface Lane {
  readonly name: LaneName;
  readonly latency: LatencyWindow;
  start(): void;
  stop(): void;
  /** Cuts its line, or joins it again. */
  cut(): void;
  join(): void;
  state(): LaneState;
  /** Changes, or states of an order, that it has seen. */
  seen(): number;
  cost(): LaneCost;
  /** When it saw what this change did, in ms; null if it has not. */
  sawAt(change: Change): number | null;
}

export const LANE_NAMES = ["socket.io", "sse", "long-poll", "poll", "table"] as const;
export type LaneName = (typeof LANE_NAMES)[number];

export type LaneState = "connecting" | "live" | "cut";
