import type { Change } from "./change.ts";
import { type ActivityStep, moved, netOf, type Standing } from "./http-activity.ts";

interface Step {
  startMs: number;
  changes: number;
  created: number;
  standing: Standing;
}

interface SeriesOptions {
  /** Length of a step, in milliseconds. */
  readonly stepMs: number;
  /** The most steps; the oldest go. */
  readonly most: number;
  /** Not empty, the oldest first, without a gap. */
  readonly steps: readonly ActivityStep[];
}

/**
 * Activity in steps of time, brought forward change by change in commit order. The server's answer and what a reader
 * makes of it with the feed are the same, since both are this.
 */
export class ActivitySeries {
  readonly #stepMs: number;
  readonly #most: number;
  #steps: Step[];

  constructor({ stepMs, most, steps }: SeriesOptions) {
    this.#stepMs = stepMs;
    this.#most = most;
    this.#steps = steps.map(({ at, ...rest }) => ({ ...rest, startMs: Date.parse(at) }));
    this.#shorten();
  }

  steps(): ActivityStep[] {
    return this.#steps.map(({ startMs, changes, created, standing }) => ({
      at: new Date(startMs).toISOString(),
      changes,
      created,
      standing,
    }));
  }

  take({ op, at, before, after }: Pick<Change, "op" | "at" | "before" | "after">): void {
    const atMs = Date.parse(at);
    this.reach(atMs);
    const startMs = startOf(atMs, this.#stepMs);
    const net = netOf(before?.status ?? null, after?.status ?? null);
    for (const step of this.#steps) {
      if (step.startMs >= startMs) step.standing = moved(step.standing, net);
      if (step.startMs !== startMs) continue;
      step.changes += 1;
      if (op === "insert") step.created += 1;
    }
  }

  /** Steps up to the one that holds `nowMs`: nothing happened in the new ones so far. Whether there are new ones. */
  reach(nowMs: number): boolean {
    const last = this.#steps.at(-1);
    if (last === undefined) throw new RangeError("a series has a step");
    const endMs = startOf(nowMs, this.#stepMs);
    const firstMs = Math.max(last.startMs + this.#stepMs, endMs - (this.#most - 1) * this.#stepMs);
    for (let startMs = firstMs; startMs <= endMs; startMs += this.#stepMs) {
      this.#steps.push({ startMs, changes: 0, created: 0, standing: last.standing });
    }
    this.#shorten();
    return firstMs <= endMs;
  }

  #shorten(): void {
    if (this.#steps.length > this.#most) this.#steps = this.#steps.slice(-this.#most);
  }
}

/** Where the step begins that holds this instant. */
export const startOf = (atMs: number, stepMs: number): number => Math.floor(atMs / stepMs) * stepMs;
