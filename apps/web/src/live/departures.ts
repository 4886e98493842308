import type { RowChange, RowId } from "@live-orders/client/live-orders";
import { CAPACITY } from "@live-orders/client/live-orders-session";
import type { Order } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";

export type Destination = Status | "deleted";

/** A row that is still shown though it left the list: the order as it was last seen here, and where it went. */
export interface Departure {
  readonly order: Order;
  /** `elsewhere`: it stays in the tab but no longer matches the search; `unloaded`: there was no room for it. */
  readonly to: Destination | "elsewhere" | "unloaded";
}

/** A list that is held still may show as many; one that flows lets them go. */
const MAX_DEPARTURES = CAPACITY;

/** Where rows went that left the collection; the latest 100,000. */
export interface Departures {
  note(change: RowChange): void;
  /** This person is about to send the row there: their own write shows before the feed says where to. */
  expect(id: RowId, to: Destination): void;
  of(id: RowId): Departure | null;
  clear(): void;
}

function departureOf({ before, by, change }: RowChange, expected: Destination | undefined): Departure | null {
  const went = change?.after ?? null;
  if (went !== null) return { order: went, to: went.status };
  if (before === null) return null;
  if (by === "bound") return { order: before, to: "unloaded" };
  const to = expected ?? "deleted";
  return { order: to === "deleted" ? before : { ...before, status: to }, to };
}

function forgetOldest<Value>(map: Map<RowId, Value>): void {
  const [oldest] = map.keys();
  if (map.size > MAX_DEPARTURES && oldest !== undefined) map.delete(oldest);
}

export function createDepartures(): Departures {
  const departures = new Map<RowId, Departure>();
  const expected = new Map<RowId, Destination>();
  return {
    note(change) {
      const { id, after, by } = change;
      if (after !== null) {
        departures.delete(id);
        return;
      }
      // A row that was being created goes when the server has given it its number, or a message says why not.
      if (id < 0) return;
      const departure = departureOf(change, by === "own" ? expected.get(id) : undefined);
      if (departure === null) return;
      departures.delete(id);
      departures.set(id, departure);
      forgetOldest(departures);
    },
    expect(id, to) {
      expected.delete(id);
      expected.set(id, to);
      forgetOldest(expected);
    },
    of: (id) => departures.get(id) ?? null,
    clear: () => {
      departures.clear();
    },
  };
}
