import { TRANSPORT_WORDS } from "../connection/transport-choice.ts";
import { grouped } from "../ui/grouped-number.ts";
import type { LaneName, LaneState } from "./lane.ts";

/** A lane in words; `how` says what it asks for. */
export const LANE_WORDS: Readonly<Record<LaneName, { readonly name: string; readonly how: string }>> = {
  "socket.io": { name: TRANSPORT_WORDS["socket.io"].name, how: "pushed over one WebSocket" },
  sse: { name: TRANSPORT_WORDS.sse.name, how: "pushed over one HTTP answer" },
  "long-poll": { name: TRANSPORT_WORDS["long-poll"].name, how: "the feed, answered when there is something" },
  poll: { name: TRANSPORT_WORDS.poll.name, how: "the feed, from its cursor" },
  table: { name: "Table every 2 s", how: "the newest 100 rows, without a feed" },
};

export const STATE_WORDS: Readonly<Record<LaneState, string>> = {
  connecting: "Connecting",
  live: "Live",
  cut: "Cut",
};

/** "12 ms", "1.4 s", "10 s", "–" for none. */
export function latencyWord(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 10_000 ? `${Math.floor(ms / 100) / 10} s` : `${Math.round(ms / 1000)} s`;
}

/** "0 B", "812 B", "1.2 kB", "3.4 MB". */
export function bytesWord(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export const shareWord = (part: number, whole: number): string => `${grouped(part)} of ${grouped(whole)}`;
