/** Handles items one at a time, in order, the next one at once when the one before was handled without waiting. */
export class Inbox<Item> {
  #items: Item[] = [];
  #busy: Promise<void> | null = null;
  #draining = false;
  readonly #handle: (item: Item) => void | Promise<void>;
  readonly #failed: (error: unknown) => void;

  /** After `failed` the items that wait are dropped. */
  constructor(handle: (item: Item) => void | Promise<void>, failed: (error: unknown) => void) {
    this.#handle = handle;
    this.#failed = failed;
  }

  /** The items that wait, the one being handled not counted. */
  get waiting(): number {
    return this.#items.length;
  }

  push(item: Item): void {
    this.#items.push(item);
    if (this.#busy === null && !this.#draining) this.#drain();
  }

  /** Drops what waits. */
  clear(): void {
    this.#items = [];
  }

  /** Resolves when the item that is being handled is done. */
  async idle(): Promise<void> {
    await this.#busy;
  }

  #drain(): void {
    this.#draining = true;
    let item = this.#items.shift();
    while (item !== undefined) {
      const wait = this.#attempt(item);
      if (wait !== null) {
        this.#busy = this.#settle(wait);
        break;
      }
      item = this.#items.shift();
    }
    this.#draining = false;
  }

  #attempt(item: Item): Promise<void> | null {
    try {
      const wait = this.#handle(item);
      return wait instanceof Promise ? wait : null;
    } catch (error) {
      this.#fail(error);
      return null;
    }
  }

  async #settle(wait: Promise<void>): Promise<void> {
    try {
      await wait;
    } catch (error) {
      this.#fail(error);
    }
    this.#busy = null;
    this.#drain();
  }

  #fail(error: unknown): void {
    this.clear();
    this.#failed(error);
  }
}
