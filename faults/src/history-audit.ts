import type { OrdersApi } from "@live-orders/client/orders-api";
import { eventually } from "@live-orders/testkit/eventually";
import { changeText } from "./audit.ts";
import type { LoggedChange } from "./databases/tested-database.ts";

/** Orders that are looked at: one page each. */
const SAMPLE = 40;
const PAGE = 500;
/** The history trails the feed; after a node that filled it has died, by as long as its lease. */
const WITHIN_MS = 30_000;

/** Of some orders, how many have another story in `GET /api/orders/:id/history` than in the database's own account. */
export async function storiesThatDiffer(api: OrdersApi, log: readonly LoggedChange[]): Promise<number> {
  const stories = new Map<number, string[]>();
  for (const change of log) stories.set(change.id, [changeText(change), ...(stories.get(change.id) ?? [])]);
  const sample = [...stories].slice(0, SAMPLE);
  let differing = sample.length;
  const look = async (): Promise<boolean> => {
    const differs = await Promise.all(sample.map(([id, story]) => isOther(api, id, story)));
    differing = differs.filter(Boolean).length;
    return differing === 0;
  };
  // At the bound, what differs is what is told.
  await eventually(look, { within: WITHIN_MS, every: 200 }).catch(() => undefined);
  return differing;
}

/** Both newest first; the history may know of what was before the log. */
async function isOther(api: OrdersApi, id: number, story: readonly string[]): Promise<boolean> {
  const page = await api.history(id, { limit: PAGE }, { tries: 5 });
  if (!page.ok) return true;
  const told = page.value.changes.slice(0, story.length).map(changeText);
  return told.join() !== story.slice(0, PAGE).join();
}
