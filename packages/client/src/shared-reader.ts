import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { Cursor } from "@live-orders/protocol/cursor";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { Position } from "@live-orders/protocol/position";
import type { FeedState, Reset, WatchAck } from "@live-orders/protocol/socket-events";
import { STATUSES } from "@live-orders/protocol/status";
import type { FeedConnection, FeedTransport } from "./feed-transport.ts";
import type { Reached, ReaderWord } from "./tab-word.ts";

/** Changes in one word at most. */
const PART = 200;

/**
 * Reads the feed of all statuses on behalf of every tab, and tells them. Each batch is told with the position after
 * which it begins, so that whoever has not come that far knows that something is missing.
 */
export class SharedReader {
  readonly #tell: (word: ReaderWord) => void;
  readonly #connection: FeedConnection;
  /** How far was told; null while it is not known. */
  #reached: Reached | null;
  #counts: Counts | null = null;
  #feed: FeedState = { state: "live" };
  #isFollowing = false;
  #isOver = false;

  /** Goes on from `from`, or with what comes from now on. */
  constructor(transport: FeedTransport, from: Reached | null, tell: (word: ReaderWord) => void) {
    this.#tell = (word) => {
      if (!this.#isOver) tell(word);
    };
    this.#reached = from;
    this.#connection = transport.open({
      opened: () => {
        this.#watch(from?.cursor);
      },
      changes: (batch) => {
        this.#changes(batch);
      },
      counts: (counts) => {
        this.#counts = counts;
        this.#tell({ kind: "counts", counts });
      },
      reset: (reset) => {
        this.#reset(reset);
      },
      feed: (feed) => {
        this.#feed = feed;
        this.#tell({ kind: "feed", feed });
      },
      lost: (cause) => {
        this.#tell({ kind: "lost", cause });
      },
    });
  }

  /** Says how far it has come, to whoever asks. */
  report(): void {
    if (!this.#isFollowing || this.#reached === null) this.#tell({ kind: "connecting" });
    else this.#tellPart(this.#reached.position, { changes: [], ...this.#reached });
    if (this.#counts !== null) this.#tell({ kind: "counts", counts: this.#counts });
    if (this.#feed.state === "stale") this.#tell({ kind: "feed", feed: this.#feed });
  }

  close(): void {
    this.#isOver = true;
    this.#connection.close();
  }

  #watch(after: Cursor | undefined): void {
    const watch = { statuses: [...STATUSES], counts: true as const, ...(after !== undefined && { after }) };
    this.#connection.watch(watch, (ack) => {
      this.#acknowledged(ack);
    });
  }

  #acknowledged(ack: WatchAck): void {
    if (!ack.ok) this.#tell({ kind: "refused", problem: ack.problem });
    else if (ack.reset !== undefined) this.#loseHistory();
    else {
      this.#isFollowing = true;
      this.#changes({ changes: [], position: ack.position, cursor: ack.cursor });
    }
  }

  #reset(reset: Reset): void {
    if (!this.#isFollowing) {
      this.#loseHistory();
      return;
    }
    this.#reached = null;
    this.#isFollowing = false;
    this.#tell({ kind: "reset", reset });
    this.#watch(reset.cursor);
  }

  /** Where this reader began is gone; where the others stand may not be. Each finds out for itself. */
  #loseHistory(): void {
    this.#tell({ kind: "lost", cause: "the history from where the tabs' reader began is gone" });
  }

  #changes({ changes, position, cursor }: ChangeBatch): void {
    const before = this.#reached;
    this.#reached = { position, cursor };
    // Without knowing where it begins nothing can be told but where it ends.
    const from = before?.position ?? position;
    const parts = before === null ? [] : inParts(changes);
    // Up to a cut in the middle there is no cursor but the one before.
    const last = parts.pop() ?? [];
    let begin = from;
    for (const part of parts) {
      const end = part.at(-1)?.position ?? begin;
      this.#tellPart(begin, { changes: part, position: end, cursor: before?.cursor ?? cursor });
      begin = end;
    }
    this.#tellPart(begin, { changes: last, position, cursor });
  }

  #tellPart(from: Position, batch: ChangeBatch): void {
    this.#tell({ kind: "changes", from, batch });
  }
}

function inParts(changes: Change[]): Change[][] {
  const parts: Change[][] = [];
  for (let start = 0; start < changes.length; start += PART) parts.push(changes.slice(start, start + PART));
  return parts;
}
