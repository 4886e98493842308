import type { RowId } from "@live-orders/client/live-orders";

/** How many rows from the top are watched. */
const TOP = 60;
/** How long a row that left lingers, in milliseconds. */
export const LINGER = 1500;

interface Ghost {
  readonly id: RowId;
  readonly index: number;
  readonly until: number;
}

/**
 * The top of a list that flows, with the rows that have just left it still in their place. Only the first 60 rows are
 * watched: a list flows only while it is not scrolled.
 */
export interface LingeringRows {
  /** How many rows linger. */
  size(): number;
  /** The ids of the first rows, those that linger among them. */
  top(): readonly RowId[];
  /** Lays the top anew. `left`: whether a row that was shown has left, and may linger. */
  follow(idAt: (index: number) => RowId | undefined, left: (id: RowId) => boolean, now: number): void;
  clear(): void;
}

export function createLingeringRows(): LingeringRows {
  let ghosts: readonly Ghost[] = [];
  let top: readonly RowId[] = [];

  const layTop = (idAt: (index: number) => RowId | undefined): RowId[] => {
    const ghostAt = new Map(ghosts.map(({ index, id }) => [index, id]));
    const ids: RowId[] = [];
    for (let next = 0; ids.length < TOP + ghosts.length;) {
      const ghost = ghostAt.get(ids.length);
      const id = ghost ?? idAt(next);
      if (id === undefined) break;
      if (ghost === undefined) next += 1;
      ids.push(id);
    }
    // The place of a ghost may be past the end of a list that became short.
    return [...ids, ...ghosts.map(({ id }) => id).filter((id) => !ids.includes(id))];
  };

  return {
    size: () => ghosts.length,
    top: () => top,
    follow(idAt, left, now) {
      const known = new Map(ghosts.map((ghost) => [ghost.id, ghost]));
      ghosts = top.flatMap((id, index) => {
        if (!left(id)) return [];
        const until = known.get(id)?.until ?? now + LINGER;
        return until > now ? [{ id, index, until }] : [];
      });
      top = layTop(idAt);
    },
    clear() {
      ghosts = [];
      top = [];
    },
  };
}
