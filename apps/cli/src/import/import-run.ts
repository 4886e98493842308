import { describeError, problemSlug } from "@live-orders/client/api-error";
import { newIdempotencyKey } from "@live-orders/client/idempotency-key";
import type { OrdersApi } from "@live-orders/client/orders-api";
import type { BulkResult } from "@live-orders/protocol/http-orders";
import type { ProblemSlug } from "@live-orders/protocol/problem";
import { CliFailure } from "../terminal/cli-failure.ts";
import { batchKey, operationOf, type BadLine, type GoodLine, type ImportBatch } from "./import-batch.ts";
import { difference } from "./row-order.ts";

export interface ImportCounts {
  /** Rows read, bad ones too. */
  readonly rows: number;
  /** Put in (rows without an id that an earlier run put in count here too: the server repeats its answer). */
  readonly added: number;
  /** Stood there already, the same. */
  readonly there: number;
  readonly bad: number;
}

const NO_ROWS: ImportCounts = { rows: 0, added: 0, there: 0, bad: 0 };

export interface ImportRun {
  readonly batches: AsyncIterable<ImportBatch>;
  readonly api: Pick<OrdersApi, "bulk">;
  /** Names the file in the idempotency keys. */
  readonly source: string;
  readonly signal: AbortSignal;
  /** Called in the order of the file. */
  readonly onBad: (bad: BadLine) => Promise<void>;
  readonly onProgress: (counts: ImportCounts) => void;
}

/** Requests at once. More does not help: the database writes one after the other what the disk takes. */
const MAX_IN_FLIGHT = 3;
/** With the back-off of the HTTP client minutes: longer than a server's restart, and than a killed one's transactions hold their rows. */
const TRIES = 40;

/**
 * Sends a file's rows by the bulk route, a bounded number of requests at once, and counts what came of them. Of two rows
 * with one id the first in the file wins.
 *
 * @throws CliFailure if the server stays away, or refuses a whole request
 */
export async function runImport(run: ImportRun): Promise<ImportCounts> {
  let counts = NO_ROWS;
  const inFlight: Sent[] = [];
  const settleFirst = async () => {
    const sent = inFlight.shift();
    if (sent === undefined) return;
    counts = await settle(run, await sent.outcome, counts);
  };
  try {
    for await (const batch of run.batches) {
      if (run.signal.aborted) break;
      const ids = idsOf(batch);
      while (inFlight.length >= MAX_IN_FLIGHT || inFlight.some((sent) => overlap(sent.ids, ids))) {
        await settleFirst();
      }
      inFlight.push({ ids, outcome: sendBatch(run, batch) });
    }
    while (inFlight.length > 0) await settleFirst();
  } catch (error) {
    await Promise.allSettled(inFlight.map((sent) => sent.outcome));
    throw error;
  }
  if (run.signal.aborted) throw interrupted(counts);
  return counts;
}

interface Sent {
  readonly ids: ReadonlySet<number>;
  readonly outcome: Promise<BatchOutcome>;
}

interface BatchOutcome {
  readonly counts: ImportCounts;
  readonly bad: readonly BadLine[];
  readonly failure: CliFailure | null;
}

const idsOf = (batch: ImportBatch): ReadonlySet<number> =>
  new Set(batch.good.flatMap(({ order }) => order.id ?? []));

function overlap(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  for (const id of a) if (b.has(id)) return true;
  return false;
}

async function settle(run: ImportRun, outcome: BatchOutcome, before: ImportCounts): Promise<ImportCounts> {
  for (const bad of outcome.bad) await run.onBad(bad);
  const counts = sum(before, outcome.counts);
  run.onProgress(counts);
  if (outcome.failure !== null) throw run.signal.aborted ? interrupted(counts) : outcome.failure;
  return counts;
}

const interrupted = (counts: ImportCounts): CliFailure =>
  new CliFailure("interrupted", `Interrupted after ${counts.rows} rows: run it again to go on`);

const sum = (a: ImportCounts, b: ImportCounts): ImportCounts => ({
  rows: a.rows + b.rows,
  added: a.added + b.added,
  there: a.there + b.there,
  bad: a.bad + b.bad,
});

/**
 * Rows without an id are sent apart, under a key that is the same on every run. Rows with one need no such key: the id
 * itself keeps them from going in twice. Never rejects.
 */
async function sendBatch(run: ImportRun, batch: ImportBatch): Promise<BatchOutcome> {
  const puts = batch.good.filter(({ order }) => order.id !== null);
  const creates = batch.good.filter(({ order }) => order.id === null);
  const sent = [
    await sendLines(run, puts, newIdempotencyKey()),
    await sendLines(run, creates, batchKey(run.source, batch.index)),
  ];
  const bad = [...batch.bad, ...sent.flatMap((part) => part.bad)].sort((a, b) => a.line - b.line);
  const unread = { rows: batch.bad.length, added: 0, there: 0, bad: batch.bad.length };
  const failure = sent.find((part) => part.failure !== null)?.failure ?? null;
  return { bad, failure, counts: sent.reduce((counts, part) => sum(counts, part.counts), unread) };
}

async function sendLines(run: ImportRun, lines: readonly GoodLine[], key: string): Promise<BatchOutcome> {
  const nothing = { counts: NO_ROWS, bad: [], failure: null };
  if (lines.length === 0) return nothing;
  const operations = lines.map(({ order }) => operationOf(order));
  const answer = await run.api.bulk(operations, { key, tries: TRIES, signal: run.signal });
  if (answer.ok) return judgeAll(lines, answer.value.results);
  const { error } = answer;
  if (problemSlug(error) === "key-conflict") return allBad(lines, CHANGED_FILE);
  return { ...nothing, failure: new CliFailure("failed", describeError(error)) };
}

const CHANGED_FILE =
  "within the last 24 hours these lines of the file were put in with other content: " +
  "put new rows into a file of their own, or give this run a --name";

function allBad(lines: readonly GoodLine[], reason: string): BatchOutcome {
  const bad = lines.map(({ line, text }) => ({ line, text, reason }));
  return { counts: { rows: bad.length, added: 0, there: 0, bad: bad.length }, bad, failure: null };
}

function judgeAll(lines: readonly GoodLine[], results: readonly BulkResult[]): BatchOutcome {
  if (results.length !== lines.length) {
    const failure = new CliFailure("failed", "The server answered for another number of rows than were sent");
    return { counts: NO_ROWS, bad: [], failure };
  }
  const bad: BadLine[] = [];
  let there = 0;
  for (const [index, good] of lines.entries()) {
    const verdict = judge(good, results[index]);
    if (verdict === "there") there += 1;
    else if (verdict !== "added") bad.push({ line: good.line, text: good.text, reason: verdict.reason });
  }
  const rows = lines.length;
  return { counts: { rows, added: rows - there - bad.length, there, bad: bad.length }, bad, failure: null };
}

const STALE = "urn:live-orders:stale" satisfies `urn:live-orders:${ProblemSlug}`;

/** What came of one row. */
function judge({ order }: GoodLine, result: BulkResult | undefined): "added" | "there" | { reason: string } {
  if (result !== undefined && result.status < 300) return "added";
  const problem = result?.problem;
  if (problem?.type !== STALE) return { reason: problem?.detail ?? `the server answered ${result?.status}` };
  const { current } = problem;
  if (current === undefined) return { reason: `id ${order.id} holds a row that is no valid order` };
  const field = difference(order, current);
  if (field === null) return "there";
  return {
    reason: `id ${current.id} holds another order: its ${field} is ${JSON.stringify(current[field])}`,
  };
}
