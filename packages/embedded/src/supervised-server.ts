import { setTimeout as delay } from "node:timers/promises";
import { backOffMs } from "./back-off.ts";
import { EmbeddedError, type EmbeddedFailure } from "./embedded-failure.ts";

/** A server that runs. */
export interface LaunchedServer {
  readonly pid: number;
  /** Resolves when it is gone, with the reason. Never rejects. */
  readonly gone: Promise<EmbeddedFailure>;
  /** Asks it to end, and kills it if it does not; resolves when it is gone. */
  terminate(): Promise<unknown>;
}

export type SupervisedState =
  | { kind: "ready"; pid: number }
  /** It ended by itself; the next try is due in `retryInMs`. `attempt` counts from 1. */
  | { kind: "down"; failure: EmbeddedFailure; attempt: number; retryInMs: number }
  | { kind: "stopped" };

/** A server that ran this long did not fail at once: its next restart is quick again. */
const SETTLED_MS = 30_000;

/** Keeps a server running: starts it again, on its port and its data, whenever it ends by itself. */
export class SupervisedServer {
  readonly #launch: (ending: AbortSignal) => Promise<LaunchedServer>;
  readonly #report: (state: SupervisedState) => void;
  readonly #ending: AbortSignal;
  #running: LaunchedServer | undefined;
  #attempts = 0;
  /** Resolves when the server is gone for good, which is after `ending` aborted. Never rejects. */
  readonly ended: Promise<void>;

  /** @param launch starts it once, as `first` was; throws `EmbeddedError` */
  constructor(
    launch: (ending: AbortSignal) => Promise<LaunchedServer>,
    first: LaunchedServer,
    ending: AbortSignal,
    report: (state: SupervisedState) => void,
  ) {
    this.#launch = launch;
    this.#ending = ending;
    this.#report = report;
    this.ended = this.#keepRunning(first);
  }

  get pid(): number | undefined {
    return this.#running?.pid;
  }

  async #keepRunning(first: LaunchedServer): Promise<void> {
    let next: LaunchedServer | undefined = first;
    while (next) {
      this.#running = next;
      this.#report({ kind: "ready", pid: next.pid });
      const failure = await this.#watch(next);
      this.#running = undefined;
      next = failure && (await this.#startAgain(failure));
    }
    this.#report({ kind: "stopped" });
  }

  /** Resolves when the server is gone: with the reason, or with nothing if it was to end. */
  async #watch(server: LaunchedServer): Promise<EmbeddedFailure | undefined> {
    const since = performance.now();
    const end = () => void server.terminate();
    this.#ending.addEventListener("abort", end, { once: true });
    if (this.#ending.aborted) end();
    const failure = await server.gone;
    this.#ending.removeEventListener("abort", end);
    if (performance.now() - since > SETTLED_MS) this.#attempts = 0;
    return this.#ending.aborted ? undefined : failure;
  }

  async #startAgain(first: EmbeddedFailure): Promise<LaunchedServer | undefined> {
    let failure = first;
    while (await this.#backOff(failure)) {
      const next = await this.#tryLaunch();
      if ("pid" in next) return next;
      failure = next;
    }
    return undefined;
  }

  /** Resolves with false as soon as there is to be no other try. */
  async #backOff(failure: EmbeddedFailure): Promise<boolean> {
    if (this.#ending.aborted) return false;
    this.#attempts += 1;
    const retryInMs = backOffMs(this.#attempts);
    this.#report({ kind: "down", failure, attempt: this.#attempts, retryInMs });
    return delay(retryInMs, true, { signal: this.#ending }).catch(() => false);
  }

  async #tryLaunch(): Promise<LaunchedServer | EmbeddedFailure> {
    try {
      return await this.#launch(this.#ending);
    } catch (error) {
      if (error instanceof EmbeddedError) return error.failure;
      return { kind: "ended", how: "it could not be started", reason: String(error) };
    }
  }
}
