import { StoreUnavailableError } from "@live-orders/store/order-store";
import { MongoError } from "mongodb";
import { MongooseError } from "mongoose";

/** Everything answers within 5 s; the rest is for the way to the client. In ms. */
export const ANSWER_WITHIN_MS = 4500;

/** How much of the time for one answer is left. */
export class Deadline {
  readonly #end: number;

  constructor(ms: number) {
    this.#end = performance.now() + ms;
  }

  /** In ms; never below 0. */
  left(): number {
    return Math.max(0, this.#end - performance.now());
  }

  /** What is left, for a command's `maxTimeMS` (0 would mean no limit). */
  maxTimeMS(): number {
    return Math.max(1, Math.ceil(this.left()));
  }

  /** Waits, but not beyond the end. */
  async pause(ms: number): Promise<void> {
    this.check();
    await new Promise((resolve) => setTimeout(resolve, Math.min(ms, this.left())));
  }

  /** @throws StoreUnavailableError when the time is up */
  check(cause?: unknown): void {
    if (this.left() === 0) throw timeUp(cause);
  }
}

const timeUp = (cause?: unknown): StoreUnavailableError =>
  new StoreUnavailableError("The database did not answer in time", { cause });

/**
 * Runs `work` against a deadline. When the time is up the answer is a `StoreUnavailableError`, whatever `work` still
 * waits for; the driver's own limits end that soon after. Its other failures become one too; bugs stay what they are.
 */
export async function answerInTime<T>(
  work: (deadline: Deadline) => Promise<T>,
  ms: number = ANSWER_WITHIN_MS,
): Promise<T> {
  const deadline = new Deadline(ms);
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(timeUp()), ms);
  });
  try {
    return await Promise.race([work(deadline), expiry]);
  } catch (error) {
    throw asUnavailable(error);
  } finally {
    clearTimeout(timer);
  }
}

function asUnavailable(error: unknown): unknown {
  if (error instanceof MongoError || error instanceof MongooseError) {
    return new StoreUnavailableError(`The database failed: ${error.message}`, { cause: error });
  }
  return error;
}
