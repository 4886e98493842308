/** Runs the tasks of one row one after another, and those of different rows side by side. */
export class WriteChains<Result> {
  readonly #tails = new Map<number, Promise<Result>>();

  /** The task is given what the one before it came to, or null when there was none. It must not reject. */
  run(id: number, task: (before: Result | null) => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(id);
    const result = before === undefined ? task(null) : before.then(task);
    this.#tails.set(id, result);
    void result.then(() => {
      for (const [key, tail] of this.#tails) if (tail === result) this.#tails.delete(key);
    });
    return result;
  }

  /** From here on the tasks of `to` come after those of `from`, too: the row has got its id. */
  join(from: number, to: number): void {
    const tail = this.#tails.get(from);
    if (tail !== undefined) this.#tails.set(to, tail);
  }
}
