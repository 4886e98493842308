/** A planted bug: what the source of the project says, and what a mistaken one would say instead. */
export interface Mutation {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

const relay = (file: string): string => `packages/relay/src/${file}.ts`;
const client = (file: string): string => `packages/client/src/${file}.ts`;
const room = "packages/protocol/src/room.ts";

/** What can be got wrong, as somebody might. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: "join the room before what was missed is replayed",
    file: relay("catch-up"),
    find: "if (!this.#parts.log.reaches(watcher.place)) return this.#awaitReplay(watcher);",
    replace: "if (!this.#parts.log.reaches(watcher.place)) return this.#join(watcher);",
  },
  {
    name: "join the room some turns after the last look at the log",
    file: relay("catch-up"),
    find: "if (page.reachesHead) return this.#join(watcher);",
    replace: "if (page.reachesHead) return void this.#parts.timers.after(20, () => this.#join(watcher));",
  },
  {
    name: "join the room of a node that lags behind the cursor",
    file: relay("catch-up"),
    find: "if (this.#isPastHead(watcher)) return void this.#ahead.add(watcher);",
    replace: "if (this.#isPastHead(watcher)) return this.#join(watcher);",
  },
  {
    name: "leave a room without telling the transport",
    file: relay("rooms"),
    find: "watcher.subscriber.leave(watcher.room);",
    replace: "",
  },
  {
    name: "drop the empty progress mark",
    file: relay("rooms"),
    find: "if (isBehind) this.#markLater();",
    replace: "",
  },
  {
    name: "tell a room how far the feed is, and not what happened",
    file: relay("rooms"),
    find: "if (seen.length > 0) this.#tell(room, batchOf(seen, at));",
    replace:
      "if (seen.length > 2) this.#tell(room, batchOf([], at));\n      else if (seen.length > 0) this.#tell(room, batchOf(seen, at));",
  },
  {
    name: "accept a cursor of an older collection",
    file: relay("admission"),
    find: 'return isOfThisFeed ? follow : { kind: "reset", reason: "history-lost" };',
    replace: "return isOfThisFeed ? follow : { ...follow, at: this.#log.head };",
  },
  {
    name: "read on from a place and not from after it",
    file: relay("change-log"),
    find: "if (entry && entry.position > position) high = middle;",
    replace: "if (entry && entry.position >= position) high = middle;",
  },
  {
    name: "let changes fall off the log without raising its floor",
    file: relay("change-log"),
    find: "this.#floor = oldest.position;",
    replace: "",
  },
  {
    name: "keep every change in RAM",
    file: relay("change-log"),
    find: "while (this.size.changes > logChanges || this.#bytes > logBytes) {",
    replace: "while (this.#bytes > logBytes) {",
  },
  {
    name: "give a page cut short the position of the head",
    file: relay("log-pager"),
    find: "const upTo = { generation: log.head.generation, position: last.position };",
    replace: "const upTo = log.head;",
  },
  {
    name: "keep pages for all rooms alike",
    file: relay("log-pager"),
    find: "const key = `${first} ${generation} ${position} ${filter.room}`;",
    replace: "const key = `${first} ${generation} ${position}`;",
  },
  {
    name: "give a run the position of its batch",
    file: relay("log-entry"),
    find: "yield { entries, bytes, upTo: { generation: at.generation, position: last.position } };",
    replace: "yield { entries, bytes, upTo: at };",
  },
  {
    name: "take a reader along that is older than the stream of history",
    file: relay("shared-replay"),
    find: "filter(({ place }) => place.position >= at.position)",
    replace: 'filter(({ place }) => place.position >= "" || at === place)',
  },
  {
    name: "offer a page of history whole to who has seen half of it",
    file: relay("shared-replay"),
    find: "entry.position > place.position && isSeenBy(entry, statuses)",
    replace: "isSeenBy(entry, statuses)",
  },
  {
    name: "go on as if nothing were lost where no history reaches back",
    file: relay("watches"),
    find: "if (this.#pending.has(watcher)) this.#settle(watcher, this.#watching(watcher, log.head, reason));",
    replace: "if (this.#pending.has(watcher)) this.#settle(watcher, this.#watching(watcher, log.head));",
  },
  {
    name: "tell nobody that the source has started afresh",
    file: relay("relay"),
    find: "this.#watches.restart(at, reason);",
    replace: "",
  },
  {
    name: "let a watch go on that was ended",
    file: relay("watches"),
    find: 'if (watcher) this.#end(watcher, { kind: "replaced" });',
    replace: "void watcher;",
  },
  {
    name: "leave who does not read in its room",
    file: relay("sweep"),
    find: '      catchUp.evict(watcher);\n    }\n    for (const watcher of backlogs.excess()) watches.close(watcher, "slow");\n',
    replace: "    }\n",
  },
  {
    name: "cut an answer at its limit and skip the rest",
    file: relay("replayed-read"),
    find: "this.place = isCut && last ? { ...upTo, position: last.position } : upTo;",
    replace: "this.place = isCut && last === undefined ? this.place : upTo;",
  },
  {
    name: "see orders arrive and not leave",
    file: room,
    find: "(before !== null && statuses.includes(before.status)) ||",
    replace: "(before !== null && after === null && statuses.includes(before.status)) ||",
  },
  {
    name: "keep a change without images from readers",
    file: room,
    find: 'if (before === null && op !== "insert") return true;',
    replace: 'if (before === null && op !== "insert") return after !== null;',
  },
  {
    name: "skip the position rule",
    file: client("order-ledger"),
    find: "if (known !== undefined && position <= known) return null;",
    replace: "",
  },
  {
    name: "forget at once that an order is gone",
    file: client("order-ledger"),
    find: "this.#tombstones.set(id, position);",
    replace: "",
  },
  {
    name: "lay an answer about an order that the feed has told everything of",
    file: client("order-ledger"),
    find: "if (!isNews && (known === undefined || known === VOID)) return null;",
    replace: "if (!isNews && known === VOID) return null;",
  },
  {
    name: "drop the rows that no page has before the feed has come",
    file: client("order-ledger"),
    find: "this.#feed !== null && this.#feed >= this.#sweepAt;",
    replace: "this.#feed !== null;",
  },
  {
    name: "keep rows that have left the statuses",
    file: client("order-ledger"),
    find: "if (order === null || !this.#statuses.has(order.status)) {",
    replace: "if (order === null) {",
  },
  {
    name: "save the cursor before the consumer has taken the batch",
    file: client("feed"),
    find: "    const changes = this.#place.news(batch);\n",
    replace: "    const changes = this.#place.news(batch);\n    this.#place.advance(batch, epoch);\n",
  },
  {
    name: "hand over what was handed over already",
    file: client("feed-place"),
    find: "return batch.changes.filter((change) => change.position > position);",
    replace: "return batch.changes;",
  },
  {
    name: "let a batch that comes again take the reader back",
    file: client("feed-place"),
    find: "return here !== undefined && position < here;",
    replace: 'return here !== undefined && position < "";',
  },
  {
    name: "hear what still comes of a watch that was ended",
    file: client("feed-link"),
    find: "if (this.#closed || !this.#watching) return;",
    replace: "if (this.#closed) return;",
  },
  {
    name: "do not hear a reset",
    file: client("connection-state"),
    find: '      return to({ kind: "resynced", attempt: attemptsBefore(state), reason }, RESUBSCRIBE);',
    replace: "      return stay(state);",
  },
  {
    name: "coalesce two changes of a row wrongly",
    file: client("row-changes"),
    find: "before: earlier.before,",
    replace: "before: later.before,",
  },
  {
    name: "take the overlay off and leave the old row beneath it",
    file: client("live-rows"),
    find: "const laid = this.#ledger.layAnswer(answer.id, answer.order, answer.position) !== null;",
    replace: "const laid = false;",
  },
  {
    name: "leave the overlay of a write that failed",
    file: client("live-rows"),
    find: "      this.#overlay.lift(key);\n      this.#waiting.delete(key);\n      this.#remember(id, failure);",
    replace: "      this.#waiting.delete(key);\n      this.#remember(id, failure);",
  },
  {
    name: "know an own order only by its answer",
    file: client("overlay"),
    find: "const created = change.key === undefined ? undefined : this.#byKey.get(change.key);",
    replace: "const created = undefined;",
  },
  {
    name: "repeat a write under another key",
    file: client("order-writes"),
    find: "? api.create(mine, how)",
    replace: "? api.create(mine, { tries: 1, key: this.#options.newKey() })",
  },
];
