import { describeError } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import { eventually } from "@live-orders/testkit/eventually";
import { changeText } from "./audit.ts";
import type { LoggedChange } from "./databases/tested-database.ts";

/** Orders that are looked at: one page each. */
const SAMPLE = 40;
const PAGE = 500;
/** The history trails the feed; after a node that filled it has died, by as long as its lease. */
const WITHIN_MS = 60_000;

/** Of some orders, those that have another story in `GET /api/orders/:id/history` than in the database's own account. */
export async function storiesThatDiffer(api: OrdersApi, log: readonly LoggedChange[]): Promise<string[]> {
  const stories = new Map<number, string[]>();
  for (const change of log) stories.set(change.id, [changeText(change), ...(stories.get(change.id) ?? [])]);
  const sample = [...stories].slice(0, SAMPLE);
  let differing: string[] = [];
  const look = async (): Promise<boolean> => {
    const all = await Promise.all(sample.map(([id, story]) => difference(api, id, story)));
    differing = all.flatMap((one) => one ?? []);
    return differing.length === 0;
  };
  // At the bound, what differs is what is told.
  await eventually(look, { within: WITHIN_MS, every: 200 }).catch(() => undefined);
  return differing;
}

/** Both newest first; the history may know of what was before the log. Null if they agree. */
async function difference(api: OrdersApi, id: number, story: readonly string[]): Promise<string | null> {
  const page = await api.history(id, { limit: PAGE }, { tries: 5 });
  if (!page.ok) return `order ${id}: ${describeError(page.error)}`;
  const told = page.value.changes.slice(0, story.length).map(changeText);
  const place = story.slice(0, PAGE).findIndex((text, index) => told[index] !== text);
  if (place < 0) return null;
  return `order ${id}: ${told.length} of ${story.length} changes, not ${story[place]}, the latest but ${place}`;
}
