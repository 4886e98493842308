import type { ChangeSource, SourceEvent } from "@live-orders/store/change-source";

/** A change source that gives what it is told to give. What is given before it is read waits. */
export class FakeChangeSource implements ChangeSource {
  readonly #events: SourceEvent[] = [];
  #wake: (() => void) | null = null;
  #failure: Error | null = null;
  #isOver = false;
  /** How often it was begun to be read, and how many readers there are now. */
  begun = 0;
  open = 0;

  give(...events: readonly SourceEvent[]): void {
    this.#events.push(...events);
    this.#wake?.();
  }

  /** Breaks the contract: the stream throws when what was given has been read. */
  fail(error: Error): void {
    this.#failure = error;
    this.#wake?.();
  }

  /** Breaks the contract: the stream ends when what was given has been read. */
  end(): void {
    this.#isOver = true;
    this.#wake?.();
  }

  /** Whether all that was given has been taken, and the consumer waits for more. */
  get isDry(): boolean {
    return this.#events.length === 0 && this.#wake !== null;
  }

  async *events(signal: AbortSignal): AsyncIterable<SourceEvent> {
    signal.addEventListener("abort", () => this.#wake?.());
    this.begun += 1;
    this.open += 1;
    try {
      while (!signal.aborted) {
        const event = this.#events.shift();
        if (event) yield event;
        else if (this.#failure) throw this.#failure;
        else if (this.#isOver) return;
        else await this.#something();
      }
    } finally {
      this.open -= 1;
    }
  }

  async #something(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
  }
}
