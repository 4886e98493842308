import { pause, systemClock } from "@live-orders/client/clock";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import { cutOutcome, type CutOutcome } from "./cut-outcome.ts";
import type { Lane } from "./lane.ts";

export type CutState =
  | { readonly kind: "none" }
  /** `endsAt` in ms, by this machine's clock. */
  | { readonly kind: "cut"; readonly endsAt: number }
  /** The lines are joined again, and the lanes catch up. */
  | { readonly kind: "catching-up" }
  /** `changes`: committed while the lines were cut, for `seconds`. */
  | {
      readonly kind: "done";
      readonly seconds: number;
      readonly changes: number;
      readonly outcomes: readonly CutOutcome[];
    }
  /** The server did not say what was committed meanwhile. */
  | { readonly kind: "unknown" };

export interface LineCutOptions {
  readonly api: Pick<OrdersApi, "changes">;
  readonly lanes: readonly Lane[];
  readonly seconds: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly tell: (state: CutState) => void;
}

/** How long the lanes are given to catch up, and at least, so that who polls has had its turn. In ms. */
const AT_MOST = 20_000;
const AT_LEAST = 2500;
const LOOK = 100;
/** In requests of 1,000 changes. */
const MOST_PAGES = 20;

/** Cuts the lines of all lanes for some seconds, and then sees what each got of what was committed meanwhile. */
export async function cutLines({ api, lanes, seconds, now, signal, tell }: LineCutOptions): Promise<void> {
  const begin = await api.changes({}, { signal });
  if (!begin.ok) {
    tell({ kind: "unknown" });
    return;
  }
  for (const lane of lanes) lane.cut();
  tell({ kind: "cut", endsAt: Date.now() + seconds * 1000 });
  await pause(systemClock, seconds * 1000, signal);
  const missed = await readAll(api, begin.value.cursor, signal);
  const joinedAt = now();
  for (const lane of lanes) lane.join();
  if (missed === null) {
    tell({ kind: "unknown" });
    return;
  }
  tell({ kind: "catching-up" });
  const outcomes = () => lanes.map((lane) => cutOutcome(lane, missed, joinedAt));
  const isDone = () => outcomes().every(({ name, lost }) => lost === 0 || name === "table");
  await pause(systemClock, AT_LEAST, signal);
  for (let waited = AT_LEAST; waited < AT_MOST && !isDone(); waited += LOOK)
    await pause(systemClock, LOOK, signal);
  tell({ kind: "done", seconds, changes: missed.length, outcomes: outcomes() });
}

/** Everything since the cursor; null if the server does not say. */
async function readAll(
  api: Pick<OrdersApi, "changes">,
  from: Cursor,
  signal: AbortSignal,
): Promise<Change[] | null> {
  const found: Change[] = [];
  let after = from;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const answer = await api.changes({ after, limit: 1000 }, { signal, tries: 3 });
    if (!answer.ok) return null;
    found.push(...answer.value.changes);
    if (!answer.value.more) return found;
    after = answer.value.cursor;
  }
  return null;
}
