import type { Change, ChangeBatch } from "@live-orders/protocol/change";
import type { ApiResult } from "./api-error.ts";
import type { FeedBeginning, FeedConsumer, FeedPlace } from "./feed-consumer.ts";

/** Where the feed stands, and how it comes by a place to begin: asked of the consumer once for all who wait. */
export class FeedPlaceKeeper {
  readonly #consumer: FeedConsumer;
  #place: FeedPlace | null = null;
  #epoch = 0;
  #beginning: FeedBeginning = { kind: "start" };
  #asked: { readonly stop: AbortController; readonly answer: Promise<ApiResult<FeedPlace>> } | null = null;

  constructor(consumer: FeedConsumer) {
    this.#consumer = consumer;
  }

  /** Another one after each `forget`. */
  get epoch(): number {
    return this.#epoch;
  }

  current(): FeedPlace | null {
    return this.#place;
  }

  /** The place, if need be after asking for it. Never rejects. */
  find(): Promise<ApiResult<FeedPlace>> {
    if (this.#place !== null) return Promise.resolve({ ok: true, value: this.#place });
    if (this.#asked === null) {
      const stop = new AbortController();
      this.#asked = { stop, answer: this.#ask(stop) };
    }
    return this.#asked.answer;
  }

  /** The place is void: the consumer has to be asked again. A reset that it has not answered stays one. */
  forget(beginning: FeedBeginning): void {
    this.abandon();
    const isUnanswered = this.#place === null && this.#beginning.kind === "reset";
    this.#place = null;
    this.#epoch += 1;
    if (beginning.kind === "reset" || !isUnanswered) this.#beginning = beginning;
  }

  /** Calls off the asking. */
  abandon(): void {
    this.#asked?.stop.abort();
    this.#asked = null;
  }

  /** Whether the batch ends before this place: it came again, and says nothing new. */
  hasPassed({ position }: ChangeBatch): boolean {
    const here = this.#place?.position;
    return here !== undefined && position < here;
  }

  /** The changes of the batch that come after this place. */
  news(batch: ChangeBatch): Change[] {
    const position = this.#place?.position;
    if (position === undefined) return batch.changes;
    const first = batch.changes[0];
    if (first === undefined || first.position > position) return batch.changes;
    return batch.changes.filter((change) => change.position > position);
  }

  /** The consumer has taken everything up to here, which it was given in `epoch`. */
  advance({ cursor, position }: ChangeBatch, epoch: number): void {
    const place = this.#place;
    if (
      epoch !== this.#epoch ||
      place === null ||
      (place.position !== undefined && position < place.position)
    )
      return;
    this.#place = { statuses: place.statuses, after: cursor, position };
  }

  async #ask(stop: AbortController): Promise<ApiResult<FeedPlace>> {
    const answer = await begin(this.#consumer, this.#beginning, stop.signal);
    if (stop.signal.aborted) return { ok: false, error: { kind: "aborted" } };
    this.#asked = null;
    if (answer.ok) this.#place = answer.value;
    return answer;
  }
}

async function begin(
  consumer: FeedConsumer,
  beginning: FeedBeginning,
  signal: AbortSignal,
): Promise<ApiResult<FeedPlace>> {
  try {
    return await consumer.begin(beginning, signal);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { kind: "unreachable", cause } };
  }
}
