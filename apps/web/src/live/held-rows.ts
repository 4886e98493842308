import type { RowChange, RowId } from "@live-orders/client/live-orders";

/** A list that holds still: its rows keep their places whatever happens to the orders. */
export interface HeldRows {
  readonly ids: readonly RowId[];
  /** How many new orders wait outside. */
  waiting(): number;
  /** `placeOf`: where the row stands in the live list, -1 if it does not. */
  note(changes: readonly RowChange[], placeOf: (id: RowId) => number): void;
}

export function holdRows(ids: RowId[]): HeldRows {
  const waiting = new Set<RowId>();
  let inList: Set<RowId> | null = null;

  /** A page that was still being read comes in at the end. */
  const append = (loaded: RowId[], placeOf: (id: RowId) => number) => {
    inList ??= new Set(ids);
    const fresh = loaded.filter((id) => !inList?.has(id) && placeOf(id) !== -1);
    fresh.sort((a, b) => placeOf(a) - placeOf(b));
    for (const id of fresh) {
      inList.add(id);
      ids.push(id);
    }
  };

  /** A created order got its id: it stays in its place. */
  const rename = (from: RowId, to: RowId) => {
    const index = ids.indexOf(from);
    if (index === -1) {
      if (waiting.delete(from)) waiting.add(to);
      return;
    }
    ids[index] = to;
    inList?.add(to);
  };

  return {
    ids,
    waiting: () => waiting.size,
    note(changes, placeOf) {
      const loaded: RowId[] = [];
      for (const { id, before, after, by, replaces } of changes) {
        if (replaces !== null) rename(replaces, id);
        else if (after === null) waiting.delete(id);
        else if (before === null && by === "load") loaded.push(id);
        else if (before === null && placeOf(id) !== -1) waiting.add(id);
      }
      if (loaded.length > 0) append(loaded, placeOf);
    },
  };
}
