/** A figure that a measure finds and that has to keep to a bound. */
export interface Bound {
  /** What the figure is. */
  readonly what: string;
  /** The same in a few words, for a chart. */
  readonly short: string;
  readonly at: "most" | "least";
  readonly bound: number;
  /** For the short runs of the guard, whose figures scatter more; null: the same. */
  readonly guard: number | null;
  /** Empty for a ratio. */
  readonly unit: "" | "ms" | "s" | "%";
}

interface Room {
  /** See `Bound`. Default: none. */
  readonly guard?: number;
  readonly unit?: Bound["unit"];
}

const most = (short: string, what: string, bound: number, { guard, unit = "" }: Room = {}): Bound => ({
  short,
  what,
  at: "most",
  bound,
  guard: guard ?? null,
  unit,
});
const least = (short: string, what: string, bound: number): Bound => ({
  short,
  what,
  at: "least",
  bound,
  guard: null,
  unit: "",
});

/** Every bound of the bench. */
export const BOUNDS = {
  "latency-one-client": most(
    "write → seen, over bare stream",
    "write → seen, 1 client, 100 writes/s: p50 over the bare change stream's (or within 1 ms)",
    1.25,
  ),
  "fan-out-p99": most(
    "p99 of 300 clients, over bare frames",
    "300 clients in three rooms, 50 writes/s: p99 over the bare-frame server's",
    1.2,
  ),
  "cpu-over-tutorial": most(
    "CPU a delivery, over tutorial",
    "1,000 clients in three rooms, 20 writes/s: server CPU a delivery over the tutorial with rooms",
    0.85,
    { guard: 1.4 },
  ),
  "cpu-over-frames-socket-io": most(
    "CPU a delivery, over bare frames",
    "the same over the bare-frame server, Socket.IO",
    1.25,
    { guard: 2 },
  ),
  "cpu-over-frames-sse": most("the same, SSE", "the same over the bare-frame server, SSE", 1.3, { guard: 2 }),
  "ceiling-over-tutorial": least(
    "highest rate, over tutorial",
    "highest write rate with p99 < 250 ms and nothing missed, 300 clients: over the tutorial with rooms",
    2,
  ),
  "ceiling-over-stream": least(
    "highest rate, over bare stream",
    "the same over a bare change stream without clients",
    0.5,
  ),
  "memory-over-tutorial": most(
    "memory a connection, over tutorial",
    "memory an idle connection over the tutorial's, 5,000 connections",
    0.75,
  ),
  "missed-after-cut": most("missed after a cut", "missed after a 3 s cut during 50 writes/s", 0),
  "herd-seconds": most(
    "5,000 come back",
    "5,000 clients cut at once, 1,000 changes meanwhile: all equal again",
    20,
    { unit: "s" },
  ),
  "herd-memory": most("memory meanwhile, over before", "server memory at its highest then over before", 2),
  "catch-up-memory": most(
    "catch-up from RAM",
    "catch-up of one client over 10,000 changes, from the log in RAM",
    300,
    { unit: "ms" },
  ),
  "catch-up-database": most("catch-up from the database", "the same from the database", 1500, { unit: "ms" }),
  "pages-flat": most(
    "a page at 1,000,000, over 10,000",
    "page API at 1,000,000 orders, any depth, any sort: median over the same at 10,000",
    1.5,
  ),
  import: most(
    "import, over bare insertMany",
    "import of 100,000 orders over a bare unordered insertMany of the same",
    1.5,
  ),
  "web-frames": most(
    "the page's frames, over quiet",
    "the page fed 1,000 changes/s (100 in sight), 100,000 orders: p95 frame of a scroll over the same without changes",
    1.5,
  ),
  "web-echo": most(
    "the page's echo of a key",
    "the same page: from a key in the search to its echo, p95",
    50,
    { unit: "ms" },
  ),
  "web-longest-task": most("the page's longest task", "the same page: longest task in that minute", 100, {
    unit: "ms",
  }),
  "web-heap": most(
    "the page's heap, end over start",
    "the page fed 500 changes/s (50 in sight) for 5 minutes: heap at the end over the start",
    1.1,
  ),
  "idle-cpu": most(
    "CPU with 5,000 idle clients",
    "CPU of the server with 5,000 idle clients and no writes",
    2,
    { unit: "%" },
  ),
} satisfies Record<string, Bound>;

export type BoundName = keyof typeof BOUNDS;

/** A figure held against its bound. */
export interface Finding {
  readonly bound: BoundName;
  readonly value: number;
  /** What the bound allows in place of it: `or within 1 ms`. */
  readonly otherwise?: boolean;
}

/** The bound of short runs. */
export const guardOf = (name: BoundName): number => BOUNDS[name].guard ?? BOUNDS[name].bound;

export function holds({ bound: name, value, otherwise = false }: Finding, limit: number): boolean {
  if (Number.isNaN(value)) return false;
  return otherwise || (BOUNDS[name].at === "most" ? value <= limit : value >= limit);
}
