import type { LiveOrders } from "@live-orders/client/live-orders";
import type { Position } from "@live-orders/protocol/position";

/**
 * Tells from where the feed goes on: at once, and each time that it begins anew (other statuses, a reset, its first
 * position). What was before that place it does not tell; null: it has not begun yet. Returns what ends it.
 */
export function onFeedBeginnings(
  live: Pick<LiveOrders, "position" | "status" | "subscribeStatus">,
  told: (from: Position | null) => void,
): () => void {
  let last = "";
  const look = () => {
    const { statuses, resyncs } = live.status();
    const position = live.position();
    const beginning = `${statuses.join("+")} ${resyncs.count} ${position === null ? "" : "known"}`;
    if (beginning === last) return;
    last = beginning;
    told(position);
  };
  const end = live.subscribeStatus(look);
  look();
  return end;
}
