import { setTimeout as delay } from "node:timers/promises";
import type { ChangeSource, SourceEvent, StreamFailure } from "@live-orders/store/change-source";
import type { CursorParts } from "@live-orders/store/cursor-parts";
import type { Mend } from "./feed-state.ts";
import { type FeedStep, feedSteps } from "./feed-step.ts";
import { OutboxListener, SilentConnectionError } from "./outbox-listener.ts";
import { type OutboxPage, readOutbox } from "./outbox-page.ts";
import { describeError, isMissing, RefusedError, sqlState } from "./server-error.ts";
import type { WakeUp } from "@live-orders/store/wake-up";

export interface PostgresChangeSourceParts {
  readonly url: string;
  readonly mend: Mend;
  readonly wakeUp: WakeUp;
  /** Told of changes that are left out because their images break the contract's table. */
  readonly onLeftOut: (ids: readonly (number | null)[]) => void;
}

/** The outbox is read at least this often, in ms: a sign of life, and a look whether the table is still there. */
const PULSE_MS = 800;
const GREATEST_PAUSE_MS = 5_000;
const MEND_WAIT_MS = 5_000;
const START: string = "0".repeat(16);

/** The outbox as one stream: a notification wakes it, and what it reads comes from the table alone. */
export class PostgresChangeSource implements ChangeSource {
  readonly #parts: PostgresChangeSourceParts;
  #at: CursorParts | null = null;
  #failures = 0;

  constructor(parts: PostgresChangeSourceParts) {
    this.#parts = parts;
  }

  async *events(signal: AbortSignal): AsyncGenerator<SourceEvent> {
    while (!signal.aborted) {
      const failure = yield* this.#connected(signal);
      if (failure === null) return;
      this.#failures += 1;
      const retryInMs = Math.min(50 * 2 ** Math.min(this.#failures, 10), GREATEST_PAUSE_MS);
      yield { kind: "down", ...failure, retryInMs };
      await delay(retryInMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Null when the signal aborted, else why there is no connection any more. */
  async *#connected(signal: AbortSignal): AsyncGenerator<SourceEvent, Failure | null> {
    const { url, wakeUp } = this.#parts;
    let listener: OutboxListener | null = null;
    try {
      listener = await OutboxListener.connect(url, wakeUp);
      while (!signal.aborted) {
        const seen = wakeUp.count;
        const page = await this.#read(listener);
        yield* this.#follow(page);
        this.#failures = 0;
        if (!page.full) await wakeUp.after(seen, PULSE_MS, signal);
      }
      return null;
    } catch (error) {
      return signal.aborted ? null : { cause: causeOf(error), detail: describeError(error) };
    } finally {
      listener?.close();
    }
  }

  /** A table that was dropped, replaced or left without its triggers is set up again, which begins a new generation. */
  async #read({ run }: OutboxListener): Promise<OutboxPage> {
    const after = this.#at?.position ?? START;
    for (let tries = 0; tries < 3; tries += 1) {
      const page = await readOutbox(run, after).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      if (page?.recorded === true) return page;
      await this.#mended();
    }
    throw new Error("the table orders is being replaced again and again");
  }

  /** Building a large table's indexes takes longer than readers may be left without a word: it goes on meanwhile. */
  async #mended(): Promise<void> {
    const waited = new AbortController();
    const late = delay(MEND_WAIT_MS, "late" as const, { signal: waited.signal }).catch(
      () => "mended" as const,
    );
    const outcome = await Promise.race([this.#parts.mend(), late]).finally(() => {
      waited.abort();
    });
    if (outcome === "late") throw new Error("the table orders is being set up");
  }

  *#follow(page: OutboxPage): Generator<SourceEvent> {
    if (this.#at === null) {
      this.#at = page.head;
      yield { kind: "opened", at: page.head };
      return;
    }
    const leftOut = page.entries.flatMap((entry) => (entry.kind === "broken" ? [entry.id] : []));
    if (leftOut.length > 0) this.#parts.onLeftOut(leftOut);
    for (const step of feedSteps(page, this.#at)) {
      this.#at = reached(this.#at, step);
      yield step;
    }
  }
}

interface Failure {
  readonly cause: StreamFailure;
  readonly detail: string;
}

const reached = (at: CursorParts, step: FeedStep): CursorParts =>
  step.kind === "reset" ? step.at : { generation: at.generation, position: step.position };

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: class 28 and 42501 are about what one may do. */
function causeOf(error: unknown): StreamFailure {
  if (error instanceof SilentConnectionError) return "silent";
  const state = sqlState(error) ?? "";
  const denied = error instanceof RefusedError || state.startsWith("28") || state === "42501";
  return denied ? "denied" : "resumable";
}
