import type { ReadOutcome, ReadRequest } from "@live-orders/relay/reads";
import { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { ArchiveLease, ChangeArchive } from "@live-orders/store/change-archive";
import { type CursorParts, encodeCursor } from "@live-orders/store/cursor-parts";
import { StoreUnavailableError } from "@live-orders/store/order-store";
import { eventually } from "@live-orders/testkit/eventually";
import { orderOf } from "@live-orders/testkit/store-samples";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, expect, it } from "vitest";
import { HistoryRecorder } from "./history-recorder.ts";

let recorder: HistoryRecorder | null = null;
afterEach(() => recorder?.stop());

const at = (position: string): CursorParts => ({ generation: "g", position });

/** Gives what it is told to give, in turn; then nothing new until the read is ended. */
class ScriptedFeed {
  newestChange: string | null = null;
  readonly asked: (string | null)[] = [];
  readonly #outcomes: ReadOutcome[];

  constructor(outcomes: ReadOutcome[]) {
    this.#outcomes = outcomes;
  }

  async read({ after, signal }: ReadRequest): Promise<ReadOutcome> {
    this.asked.push(after?.position ?? null);
    const next = this.#outcomes.shift();
    if (next) return next;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return { kind: "unavailable" };
  }
}

const batch = (position: string, ...ids: number[]): ReadOutcome => {
  const changes = ids.map((id) => ({
    position,
    op: "insert" as const,
    id,
    before: null,
    after: orderOf(id),
    at: "2024-01-01T00:00:00.000Z",
  }));
  const cursor = encodeCursor(at(position));
  return { kind: "batch", batch: EncodedBatch.of({ changes, position, cursor }), more: false };
};

/** Writes down what it is told, renewals apart; `refuse` says how an append ends, `renewed` where a renewal stands. */
class NotedArchive implements ChangeArchive {
  readonly leaseMs: number;
  readonly notes: string[] = [];
  readonly renewedTo: (string | null)[] = [];
  readonly askedFor: (string | null)[] = [];
  renewed: (to: string) => string | null = (to) => to;
  end: CursorParts | null;
  refuse: () => boolean = () => false;

  constructor(end: CursorParts | null, leaseMs = 30) {
    this.end = end;
    this.leaseMs = leaseMs;
  }

  acquire(unrecorded: string | null): Promise<ArchiveLease> {
    this.notes.push("acquire");
    this.askedFor.push(unrecorded);
    return Promise.resolve({
      recordedTo: this.end,
      renew: (to) => {
        this.renewedTo.push(to?.position ?? null);
        return Promise.resolve(this.renewed(to?.position ?? ""));
      },
      prune: () => Promise.resolve("done" as const),
      begin: (to, gap) => this.#move(to, `begin ${to.position} ${gap ?? "-"}`),
      append: async (changes, to) =>
        !this.refuse() &&
        (await this.#move(to, `append ${changes.map(({ id }) => id).join()} ${to.position}`)),
      release: (to) => {
        this.notes.push(`release ${to?.position ?? "-"}`);
        return Promise.resolve();
      },
    });
  }

  #move(to: CursorParts, note: string): Promise<boolean> {
    this.end = to;
    this.notes.push(note);
    return Promise.resolve(true);
  }
}

function record(archive: ChangeArchive, feed: ScriptedFeed): { gaps: string[]; changes: number[] } {
  const told = { gaps: [] as string[], changes: [] as number[] };
  recorder = new HistoryRecorder({
    archive,
    relay: feed,
    log: pino({ level: "silent" }),
    observer: {
      recorded: (changes) => told.changes.push(changes),
      gap: (reason) => told.gaps.push(reason),
    },
  });
  recorder.start();
  return told;
}

it("begins at the cursor of now, and appends what the feed gives after where it is", async () => {
  const archive = new NotedArchive(null);
  const feed = new ScriptedFeed([batch("01"), batch("02", 1, 2), batch("03"), batch("03")]);
  const told = record(archive, feed);
  await eventually(() => feed.asked.length === 5);
  expect(feed.asked).toEqual([null, "01", "02", "03", "03"]);
  expect(archive.notes).toEqual(["acquire", "begin 01 -", "append 1,2 02"]);
  expect(told).toEqual({ gaps: [], changes: [2] });
  expect(recorder?.status()).toMatchObject({ holds: true });
  await recorder?.stop();
  expect(archive.notes.at(-1)).toBe("release 03");
  expect(recorder?.status()).toEqual({ holds: false, lagSeconds: Number.NaN });
});

it("without changes moves the end by what it writes anyway: a renewal, or the release at a stop", async () => {
  const archive = new NotedArchive(at("01"));
  const feed = new ScriptedFeed([batch("02"), batch("03", 1), batch("04")]);
  record(archive, feed);
  await eventually(() => archive.renewedTo.at(-1) === "04");
  expect(archive.renewedTo).toEqual(archive.renewedTo.toSorted());
  await recorder?.stop();
  expect(archive.notes).toEqual(["acquire", "append 1 03", "release 04"]);
});

it("renews the lease after what others have written, and not after what it has written itself", async () => {
  const archive = new NotedArchive(at("01"));
  archive.renewed = (to) => `${to}+`;
  const feed = new ScriptedFeed([batch("02"), batch("02+"), batch("03")]);
  record(archive, feed);
  await eventually(() => archive.renewedTo.at(-1) === "03");
  await delay(10 * archive.leaseMs);
  expect(archive.renewedTo).toEqual(["02", "03"]);
});

it("asks for any lease that is over at first, and later for one whose history lacks what it has known of", async () => {
  const archive = new NotedArchive(at("01"));
  const feed = new ScriptedFeed([]);
  feed.newestChange = "07";
  archive.renewed = () => null;
  record(archive, feed);
  await eventually(() => archive.askedFor.length === 3);
  expect(archive.askedFor).toEqual([null, "07", "07"]);
});

it("after a loss begins anew where the feed goes on, and tells of the gap", async () => {
  const archive = new NotedArchive(at("01"));
  const lost: ReadOutcome = { kind: "lost", reason: "history-lost", cursor: encodeCursor(at("09")) };
  const feed = new ScriptedFeed([lost, batch("10", 1)]);
  const told = record(archive, feed);
  await eventually(() => archive.notes.length === 3);
  expect(archive.notes).toEqual(["acquire", "begin 09 history-lost", "append 1 10"]);
  expect(told.gaps).toEqual(["history-lost"]);
});

it("writes nothing while the feed can't be read, and goes on from the same place", async () => {
  const archive = new NotedArchive(at("01"));
  const feed = new ScriptedFeed([{ kind: "unavailable" }, batch("02", 1)]);
  record(archive, feed);
  await eventually(() => archive.notes.length === 2);
  expect(feed.asked.slice(0, 2)).toEqual(["01", "01"]);
  expect(archive.notes).toEqual(["acquire", "append 1 02"]);
});

it.each([
  ["is told that another node holds the lease", () => true],
  [
    "hears that the database is away",
    () => {
      throw new StoreUnavailableError("away");
    },
  ],
])("gives the lease up when it %s, and asks for it again", async (_title, refuse) => {
  const archive = new NotedArchive(at("01"));
  let refusals = 0;
  archive.refuse = () => (refusals++ === 0 ? refuse() : false);
  const feed = new ScriptedFeed([batch("02", 1), batch("02", 1)]);
  record(archive, feed);
  await eventually(() => archive.notes.length === 4);
  expect(archive.notes).toEqual(["acquire", "release 01", "acquire", "append 1 02"]);
  expect(feed.asked.slice(0, 2)).toEqual(["01", "01"]);
});
