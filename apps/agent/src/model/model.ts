import { pause } from "@live-orders/client/clock";
import type { ModelMessage } from "ai";
import { callModel, type CallEnd, type CallParts, type CallRequest, type ModelPart } from "./model-call.ts";
import { ModelFailure } from "./model-failure.ts";
import type { ModelTool } from "./model-tool.ts";

export interface RunLimits {
  /** Calls of one run; each may use tools. */
  readonly steps: number;
  /** Of one run, in milliseconds. */
  readonly limitMs: number;
}

export interface ModelTask extends Pick<CallRequest, "cause" | "system" | "tools"> {
  readonly prompt: string;
}

interface ModelParts extends CallParts {
  readonly name: string;
  readonly limits: RunLimits;
  /** 0 to 1 */
  readonly random: () => number;
}

/** Of one call, as long as nothing of its answer has come. */
const TRIES = 3;
const BACK_OFF_MS = 500;
const MAX_TOOL_RUNS = 16;

/** A language model behind an endpoint of OpenAI's kind, with all that keeps it within bounds. */
export class Model {
  readonly #parts: ModelParts;

  constructor(parts: ModelParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.name;
  }

  get limits(): RunLimits {
    return this.#parts.limits;
  }

  /**
   * Calls the model, and runs the tools that it asks for, until it has answered or called a tool that ends the run.
   *
   * @throws ModelFailure if it came to no end within the limits, or the reason of `signal`
   */
  async *run(task: ModelTask, signal: AbortSignal): AsyncGenerator<ModelPart, void> {
    const { steps, limitMs } = this.#parts.limits;
    const messages: ModelMessage[] = [{ role: "user", content: task.prompt }];
    const tools = boundedTools(task.tools);
    const late = new AbortController();
    const cancel = this.#parts.clock.after(limitMs, () =>
      late.abort(new ModelFailure("slow", `The model took longer than ${limitMs / 1000} seconds`)),
    );
    const within = AbortSignal.any([signal, late.signal]);
    try {
      for (let step = 1; step <= steps; step += 1) {
        // The last step is for the answer.
        const offered = step < steps ? tools : tools.filter(({ run }) => run === null);
        const request = { ...task, step, messages, tools: offered };
        const more = yield* this.#step(request, within);
        if (more === null) return;
        messages.push(...more);
      }
      throw new ModelFailure("unfit", `The model came to no end within ${steps} steps`);
    } finally {
      cancel();
    }
  }

  async *#step(request: CallRequest, signal: AbortSignal): AsyncGenerator<ModelPart, CallEnd> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return yield* callModel(this.#parts, request, signal);
      } catch (error) {
        const wait = attempt < TRIES ? this.#backOff(error, attempt) : null;
        if (wait === null) throw error;
        await pause(this.#parts.clock, wait, signal);
        signal.throwIfAborted();
      }
    }
  }

  /** Null: to try again is no use, or not within the limit. */
  #backOff(error: unknown, attempt: number): number | null {
    if (!(error instanceof ModelFailure) || !error.isTransient) return null;
    const wait = Math.max(
      error.retryAfterMs,
      BACK_OFF_MS * 2 ** (attempt - 1) * (0.5 + this.#parts.random()),
    );
    return wait < this.#parts.limits.limitMs / 2 ? wait : null;
  }
}

/** The tools of one run, which all in all run so many times. */
function boundedTools(tools: readonly ModelTool[]): readonly ModelTool[] {
  let left = MAX_TOOL_RUNS;
  return tools.map(({ run, ...about }) => ({
    ...about,
    run:
      run &&
      ((input, signal) => {
        left -= 1;
        if (left >= 0) return run(input, signal);
        return Promise.resolve({ kind: "failed", reason: "Enough was read: answer now" });
      }),
  }));
}
