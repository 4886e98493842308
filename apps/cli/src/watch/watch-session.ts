import type { Change } from "@live-orders/protocol/change";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import type { Colours } from "../terminal/colour.ts";
import type { TerminalOutput } from "../terminal/terminal.ts";
import { openScreen, type Screen } from "./screen.ts";
import { WatchFeed, type WatchFeedOptions } from "./watch-feed.ts";
import { ordersThatFit, watchFrame } from "./watch-frame.ts";

export type WatchEnd =
  | { readonly kind: "quit" }
  | { readonly kind: "interrupted" }
  /** Before anything was shown; a connection that was there once is waited for. */
  | { readonly kind: "unreachable"; readonly cause: string }
  | { readonly kind: "refused"; readonly detail: string };

/** How long a changed row is marked, in ms. */
const MARKED = 1500;
/** For what changes by itself: the ages, the countdown, the marks. In ms. */
const TICK = 500;
/** In ms: no person sees more pictures than this makes. */
const TOGETHER = 40;

export interface WatchSessionOptions extends Omit<WatchFeedOptions, "atLeast" | "onNews"> {
  readonly output: TerminalOutput;
  readonly colours: Colours;
  readonly onEnd: (end: WatchEnd) => void;
}

/** Paints what its feed holds until `end` is called; the person's keys are `press`ed. */
export class WatchSession {
  readonly #feed: WatchFeed;
  readonly #output: TerminalOutput;
  readonly #colours: Colours;
  readonly #onEnd: (end: WatchEnd) => void;
  /** When each row changed, by id. */
  readonly #changedAt = new Map<number, number>();
  readonly #resized = () => {
    this.#screen?.forget();
    this.#paint();
  };
  #screen: Screen | null = null;
  #tick: ReturnType<typeof setInterval> | undefined;
  #due: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WatchSessionOptions) {
    this.#output = options.output;
    this.#colours = options.colours;
    this.#onEnd = options.onEnd;
    this.#feed = new WatchFeed({
      ...options,
      atLeast: () => this.#fitting(),
      onNews: (changes) => {
        this.#saw(changes);
      },
    });
  }

  start(): void {
    this.#output.on("resize", this.#resized);
    this.#tick = setInterval(() => {
      this.#paint();
    }, TICK);
    this.#feed.start();
  }

  press(key: string): void {
    if (key === "\u0003") this.#onEnd({ kind: "interrupted" });
    else if (key === "q") this.#onEnd({ kind: "quit" });
    else {
      const wanted = statusesOf(key);
      if (wanted !== null) this.#feed.setStatuses(wanted);
    }
  }

  end(): void {
    this.#output.off("resize", this.#resized);
    // Its last news is not painted any more.
    this.#feed.stop();
    clearInterval(this.#tick);
    clearTimeout(this.#due);
    this.#screen?.close();
    this.#screen = null;
  }

  /** What comes within a short time is painted together. */
  #saw(changes: readonly Change[]): void {
    const now = Date.now();
    for (const { id } of changes) this.#changedAt.set(id, now);
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#look();
    }, TOGETHER);
  }

  #look(): void {
    const { connection } = this.#feed;
    if (connection.kind === "refused") this.#onEnd({ kind: "refused", detail: connection.problem.detail });
    else if (this.#screen !== null) this.#paint();
    else if (connection.kind === "reconnecting")
      this.#onEnd({ kind: "unreachable", cause: connection.cause });
    else if (this.#feed.top(0) !== null) {
      this.#screen = openScreen(this.#output);
      this.#paint();
    }
  }

  #fitting(): number {
    return ordersThatFit(this.#output.rows ?? 24);
  }

  #paint(): void {
    if (this.#screen === null) return;
    const now = Date.now();
    for (const [id, at] of this.#changedAt) if (now - at > MARKED) this.#changedAt.delete(id);
    const { columns = 80, rows = 24 } = this.#output;
    const { counts, statuses, connection } = this.#feed;
    const orders = this.#feed.top(this.#fitting()) ?? [];
    const changed = new Set(this.#changedAt.keys());
    this.#screen.paint(
      watchFrame({ orders, statuses, counts, connection, changed, now, columns, rows }, this.#colours),
    );
  }
}

/** The statuses that a key asks for, by their first letters; null for any other key. */
function statusesOf(key: string): readonly Status[] | null {
  if (key === "a") return STATUSES;
  const found = STATUSES.filter((status) => status.startsWith(key) && key !== "");
  return found.length === 1 ? found : null;
}
