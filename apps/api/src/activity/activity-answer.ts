import { ActivitySeries, startOf } from "@live-orders/protocol/activity-series";
import type { Change } from "@live-orders/protocol/change";
import {
  ACTIVITY_LIMITS,
  ACTIVITY_RANGES,
  type Activity,
  type ActivityCut,
  type ActivityRange,
  type ActivityStep,
  moved,
  netOf,
  type Standing,
} from "@live-orders/protocol/http-activity";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import type { Relay } from "@live-orders/relay/relay";
import { encodeCursor } from "@live-orders/store/cursor-parts";
import type { ActivityReading, OrderActivity } from "@live-orders/store/order-activity";
import type { OrderStore } from "@live-orders/store/order-store";
import { askedRange } from "./asked-range.ts";
import { readTail } from "./feed-tail.ts";

export interface ActivityParts {
  readonly activity: OrderActivity;
  readonly orders: Pick<OrderStore, "counts" | "now">;
  readonly relay: Pick<Relay, "read">;
}

type Reading = Omit<ActivityReading, "cut"> & { readonly cut: ActivityCut | null };

/**
 * What happened in a range, as of one position: the sums of the history, and how many orders stand in each status. The
 * history may trail the feed, and the count is of a later instant than the sums: what came in between is read off the
 * feed.
 *
 * @throws StoreUnavailableError
 */
export async function answerActivity(
  parts: ActivityParts,
  range: ActivityRange,
  nowMs: number,
): Promise<Activity> {
  const { step, steps: most } = ACTIVITY_RANGES[range];
  const stepMs = step * 1000;
  const reading = await readHistory(parts, range, nowMs);
  const counts = await parts.orders.counts("");
  const { changes, at } = await readTail(parts.relay, reading.at, counts.position);
  const standing = standingBefore(
    counts,
    changes.filter(({ position }) => position <= counts.position),
  );
  const series = new ActivitySeries({ stepMs, most, steps: stepsOf(reading, stepMs, standing) });
  for (const change of changes) series.take(change);
  series.reach(nowMs);
  return {
    range,
    step,
    since: new Date(reading.sinceMs).toISOString(),
    cut: reading.cut,
    steps: series.steps(),
    newest: [...changes.toReversed(), ...reading.newest].slice(0, ACTIVITY_LIMITS.newest),
    position: at.position,
    cursor: encodeCursor(at),
  };
}

/** Without a history all begins now. */
async function readHistory(
  { activity, orders }: ActivityParts,
  range: ActivityRange,
  nowMs: number,
): Promise<Reading> {
  const kept = await activity.changes(askedRange(range, nowMs), ACTIVITY_LIMITS.newest);
  if (kept !== null) return kept;
  return { steps: [], newest: [], sinceMs: nowMs, cut: "off", at: await orders.now() };
}

/** How many orders stood in each status before the changes. */
function standingBefore({ pending, shipped, delivered }: Standing, changes: readonly Change[]): Standing {
  return changes.reduce<Standing>(
    (standing, { before, after }) => moved(standing, netOf(after?.status ?? null, before?.status ?? null)),
    { pending, shipped, delivered },
  );
}

/** Every step of the reading, those without a change too; `standing` is that at the end of the last. */
function stepsOf({ steps, sinceMs }: Reading, stepMs: number, standing: Standing): ActivityStep[] {
  const byStart = new Map(steps.map((sums) => [sums.startMs, sums]));
  const firstMs = Math.min(startOf(sinceMs, stepMs), steps[0]?.startMs ?? Number.POSITIVE_INFINITY);
  const lastMs = Math.max(startOf(sinceMs, stepMs), steps.at(-1)?.startMs ?? 0);
  const all: ActivityStep[] = [];
  let atEnd = standing;
  for (let startMs = lastMs; startMs >= firstMs; startMs -= stepMs) {
    const { changes = 0, created = 0, net } = byStart.get(startMs) ?? {};
    all.push({ at: new Date(startMs).toISOString(), changes, created, standing: atEnd });
    if (net !== undefined) atEnd = moved(atEnd, negated(net));
  }
  return all.reverse();
}

const negated = (net: Readonly<Record<Status, number>>): Record<Status, number> => {
  const [pending = 0, shipped = 0, delivered = 0] = STATUSES.map((status) => -net[status]);
  return { pending, shipped, delivered };
};
