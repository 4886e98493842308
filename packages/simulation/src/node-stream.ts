import type { Position } from "@live-orders/protocol/position";
import { EncodedBatch } from "@live-orders/relay/encoded-batch";
import type { Subscriber } from "@live-orders/relay/subscriber";
import type { WatchOutcome } from "@live-orders/relay/watches";
import type { FakeTimers } from "@live-orders/testkit/fake-timers";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import { NodeReader, type NodeReaderParts } from "./node-reader.ts";
import { refuse } from "./node-routes.ts";

const COMMENT_MS = 15_000;
const HEADERS = { "Content-Type": "text/event-stream; charset=utf-8" };

/**
 * An answer with `text/event-stream`, as the relay sees it. Its text goes over a link in pieces that keep to no event's
 * borders, so that a cut leaves half an event.
 */
export class NodeStream extends NodeReader {
  readonly #random: SeededRandom;
  readonly #timers: FakeTimers;
  readonly #answer: (response: Response) => void;
  readonly #onEnd: (withinEvent: boolean) => void;
  readonly #encoder = new TextEncoder();
  #body: ReadableStreamDefaultController<Uint8Array> | null = null;
  #hasBegun = false;
  #told: Position = "";
  #withinEvent = false;
  #cancelComment: () => void = () => undefined;

  constructor(
    parts: NodeReaderParts & { readonly random: SeededRandom; readonly timers: FakeTimers },
    answer: (response: Response) => void,
    onEnd: (withinEvent: boolean) => void,
  ) {
    super(parts);
    this.#random = parts.random;
    this.#timers = parts.timers;
    this.#answer = answer;
    this.#onEnd = onEnd;
  }

  /** The watch's outcome: what came before it was replayed. */
  watched(outcome: WatchOutcome): void {
    if (outcome.kind !== "watching") {
      if (!this.#hasBegun) this.link.send(100, () => this.#answer(refuse("unavailable")));
      else this.close("unavailable");
      return;
    }
    const { position, cursor, reset } = outcome;
    if (reset !== undefined) this.reset({ reason: reset, cursor });
    if (this.#told < position || reset !== undefined)
      this.send(EncodedBatch.of({ changes: [], position, cursor }));
  }

  send({ position, cursor, json }: EncodedBatch): void {
    this.#told = position;
    this.#write(`id: ${cursor}\nevent: changes\ndata: ${json}\n\n`);
  }

  reset(reset: Parameters<Subscriber["reset"]>[0]): void {
    this.#write(`id: ${reset.cursor}\nevent: reset\ndata: ${JSON.stringify(reset)}\n\n`);
  }

  protected ended(cause: string): void {
    this.#cancelComment();
    this.#onEnd(this.#withinEvent);
    this.#body?.error(new TypeError(cause));
  }

  #write(text: string): void {
    if (!this.#hasBegun) this.#begin();
    let rest = text;
    for (let pieces = this.#random.int(1, 3); pieces > 0 && rest !== ""; pieces -= 1) {
      const length = pieces === 1 ? rest.length : this.#random.int(1, rest.length);
      const piece = rest.slice(0, length);
      rest = rest.slice(length);
      const isLast = rest === "";
      this.link.send(piece.length, () => {
        this.#withinEvent = !isLast;
        this.#body?.enqueue(this.#encoder.encode(piece));
      });
    }
  }

  #begin(): void {
    this.#hasBegun = true;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#body = controller;
      },
    });
    this.link.send(100, () => this.#answer(new Response(body, { status: 200, headers: HEADERS })));
    this.#comment();
  }

  #comment(): void {
    this.#cancelComment = this.#timers.after(COMMENT_MS, () => {
      if (this.link.bytes === 0) this.#write(":\n\n");
      this.#comment();
    });
  }
}
