import type { Clock } from "@live-orders/client/clock";
import type { LiveOrders, RowId } from "@live-orders/client/live-orders";
import { counted } from "../ui/grouped-number.ts";

/** A burst is over when it is quiet for this long, or has gone on for that long; in milliseconds. */
const QUIET = 1200;
const LONGEST = 6000;
/** Ids of one burst or one absence that are told apart; more only count. */
const MAX_IDS = 20_000;

/** What others did, in words for those who do not see the rows glow, and in numbers for the tab's title. */
export interface NewsBoard {
  subscribe(listener: () => void): () => void;
  /** One sentence for each burst of changes by others: "12 orders changed". */
  sentence(): string;
  /** Orders that others made since the person looked away. */
  unseen(): number;
  /** The person looks at the page, or away from it. */
  look(looking: boolean): void;
}

interface Burst {
  readonly added: Set<RowId>;
  readonly changed: Set<RowId>;
  readonly since: number;
}

export function createNewsBoard(live: Pick<LiveOrders, "subscribe">, clock: Clock): NewsBoard {
  const listeners = new Set<() => void>();
  const unseen = new Set<RowId>();
  let looking = true;
  let burst: Burst | null = null;
  let cancelTimer: (() => void) | null = null;
  let sentence = "";

  const tell = () => {
    for (const listener of listeners) listener();
  };

  const close = () => {
    if (burst !== null) sentence = burstSentence(burst.added.size, burst.changed.size);
    burst = null;
    tell();
  };

  const note = (id: RowId, isNew: boolean) => {
    burst ??= { added: new Set(), changed: new Set(), since: clock.now() };
    const kind = isNew ? burst.added : burst.changed;
    if (kind.size < MAX_IDS && !burst.added.has(id)) kind.add(id);
    if (isNew && !looking && unseen.size < MAX_IDS) unseen.add(id);
  };

  live.subscribe(({ changes }) => {
    const others = changes.filter(({ by }) => by === "others");
    if (others.length === 0) return;
    for (const { id, before } of others) note(id, before === null);
    const left = LONGEST - (clock.now() - (burst?.since ?? 0));
    cancelTimer?.();
    cancelTimer = clock.after(Math.max(0, Math.min(QUIET, left)), close);
    if (!looking) tell();
  });

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sentence: () => sentence,
    unseen: () => unseen.size,
    look(next) {
      looking = next;
      if (next) unseen.clear();
      tell();
    },
  };
}

/** "3 new orders, 12 orders changed". */
export function burstSentence(added: number, changed: number): string {
  const parts = [];
  if (added > 0) parts.push(counted(added, "new order"));
  if (changed > 0) parts.push(`${counted(changed, "order")} changed`);
  return parts.join(", ");
}
