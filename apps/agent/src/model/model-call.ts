import type { Clock } from "@live-orders/client/clock";
import {
  dynamicTool,
  streamText,
  tool,
  type LanguageModel,
  type ModelMessage,
  type TextStreamPart,
  type ToolSet,
} from "ai";
import type { Logger } from "pino";
import type { CircuitBreaker } from "./circuit-breaker.ts";
import { failureOf } from "./failure-of.ts";
import type { ModelBudget } from "./model-budget.ts";
import { ModelFailure } from "./model-failure.ts";
import type { ModelTool } from "./model-tool.ts";

export interface CallParts {
  readonly language: LanguageModel;
  readonly budget: ModelBudget;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface CallRequest {
  /** What the call is for, as the log tells it. */
  readonly cause: Readonly<Record<string, unknown>>;
  readonly step: number;
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  /** Empty: it must answer. */
  readonly tools: readonly ModelTool[];
}

export type ModelPart =
  | { readonly kind: "text"; readonly text: string }
  /** A tool was run. */
  | { readonly kind: "tool"; readonly name: string; readonly output: unknown }
  /** The run ended by this tool. */
  | { readonly kind: "ended"; readonly name: string; readonly input: unknown };

/** Null: there is nothing more to ask the model. */
export type CallEnd = readonly ModelMessage[] | null;

const MAX_OUTPUT_TOKENS = 2048;
/** In characters: what is longer is of no use to anyone. */
const MAX_TEXT = 8000;
/** A rough measure, for what is not counted by the endpoint. */
const CHARACTERS_A_TOKEN = 4;

/**
 * One call: let through by the breaker and the budget, logged with its cause, tools, tokens and outcome.
 *
 * @throws ModelFailure, or the reason of `signal`
 */
export async function* callModel(
  parts: CallParts,
  request: CallRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelPart, CallEnd> {
  const record = openRecord(parts, request);
  const over = new AbortController();
  try {
    const stream = streamText({
      model: parts.language,
      system: request.system,
      messages: [...request.messages],
      tools: toolSet(request.tools),
      maxOutputTokens: MAX_OUTPUT_TOKENS,
      maxRetries: 0,
      temperature: 0,
      abortSignal: AbortSignal.any([signal, over.signal]),
      onError: () => undefined,
    });
    const end = yield* read(stream.fullStream, request.tools, record, signal);
    const messages = end === "ended" ? null : (await stream.response).messages;
    record.close("answered");
    return messages;
  } catch (error) {
    signal.throwIfAborted();
    const failure = failureOf(error);
    record.close(failure);
    // Half an answer is out: it can't be taken back by a second try.
    throw record.hasSaid ? new ModelFailure(failure.kind, failure.message) : failure;
  } finally {
    over.abort();
    record.close(signal.aborted ? reasonOf(signal) : "left");
  }
}

const reasonOf = ({ reason }: AbortSignal) => (reason instanceof ModelFailure ? reason : "left");

async function* read(
  stream: AsyncIterable<TextStreamPart<ToolSet>>,
  tools: readonly ModelTool[],
  record: CallRecord,
  signal: AbortSignal,
): AsyncGenerator<ModelPart, "ended" | "asks"> {
  const ending = new Set(tools.filter(({ run }) => run === null).map(({ name }) => name));
  let length = 0;
  let calls = 0;
  let isEnded = false;
  for await (const part of stream) {
    record.hasSaid ||= part.type === "text-delta" || part.type === "tool-call";
    switch (part.type) {
      case "text-delta":
        length += part.text.length;
        if (length > MAX_TEXT) throw new ModelFailure("unfit", "The model's answer was too long");
        yield { kind: "text", text: part.text };
        break;
      case "tool-call":
        calls += 1;
        record.tools.push(tools.some(({ name }) => name === part.toolName) ? part.toolName : "unknown");
        if (part.invalid !== true && ending.has(part.toolName) && !isEnded) {
          isEnded = true;
          yield { kind: "ended", name: part.toolName, input: part.input };
        }
        break;
      case "tool-result":
        yield { kind: "tool", name: part.toolName, output: part.output };
        break;
      case "finish-step":
        record.tokens = part.usage.totalTokens ?? null;
        if (part.finishReason === "length")
          throw new ModelFailure("unfit", "The model's answer was too long");
        break;
      case "error":
        throw part.error;
      case "abort":
        signal.throwIfAborted();
        break;
      default:
    }
  }
  return isEnded || calls === 0 ? "ended" : "asks";
}

function toolSet(tools: readonly ModelTool[]): ToolSet {
  return Object.fromEntries(
    tools.map(({ name, description, input, run }) => {
      if (run === null) return [name, tool({ description, inputSchema: input })];
      const execute = (given: unknown, { abortSignal }: { abortSignal?: AbortSignal }) =>
        run(given, abortSignal ?? new AbortController().signal);
      return [name, dynamicTool({ description, inputSchema: input, execute })];
    }),
  );
}

interface CallRecord {
  readonly tools: string[];
  /** Null: the endpoint did not say. */
  tokens: number | null;
  hasSaid: boolean;
  /** The first word counts. */
  close(outcome: "answered" | "left" | ModelFailure): void;
}

function openRecord(
  { budget, breaker, clock, log }: CallParts,
  { cause, step, ...asked }: CallRequest,
): CallRecord {
  const passage = breaker.enter();
  const prompt = JSON.stringify([asked.system, asked.messages]).length + 2000 * asked.tools.length;
  const estimate = Math.ceil(prompt / CHARACTERS_A_TOKEN) + MAX_OUTPUT_TOKENS;
  const reservation = reserve();
  const begun = clock.now();
  let isOpen = true;
  function reserve() {
    try {
      return budget.take(estimate);
    } catch (error) {
      passage.left();
      throw error;
    }
  }
  const record: CallRecord = {
    tools: [],
    tokens: null,
    hasSaid: false,
    close: (outcome) => {
      if (!isOpen) return;
      isOpen = false;
      const failure = outcome instanceof ModelFailure ? outcome : null;
      // What failed before it was answered took none; of the rest the worst is assumed.
      const tokens = record.tokens ?? (failure?.kind === "down" ? 0 : estimate);
      reservation.settle(tokens);
      if (outcome === "answered" || failure?.kind === "unfit") passage.succeeded();
      else if (failure !== null) passage.failed();
      else passage.left();
      const told = { cause, step, tools: record.tools, tokens, ms: clock.now() - begun };
      if (failure === null) log.info({ ...told, outcome }, "the model was called");
      else log.warn({ ...told, outcome: failure.kind, reason: failure.message }, "the model was called");
    },
  };
  return record;
}
