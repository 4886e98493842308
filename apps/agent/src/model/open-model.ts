import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { systemClock } from "@live-orders/client/clock";
import type { Logger } from "pino";
import { boundedFetch } from "./bounded-fetch.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { ModelBudget, type ModelLimits } from "./model-budget.ts";
import { Model, type RunLimits } from "./model.ts";

export interface ModelConfig extends ModelLimits, RunLimits {
  /** Of an API of OpenAI's kind, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Null: the endpoint wants none. */
  readonly apiKey: string | null;
  readonly model: string;
}

const MAX_ANSWER_BYTES = 1_048_576;

export function openModel({ baseUrl, apiKey, model, ...limits }: ModelConfig, log: Logger): Model {
  const provider = createOpenAICompatible({
    name: "model",
    baseURL: baseUrl,
    includeUsage: true,
    fetch: boundedFetch(MAX_ANSWER_BYTES),
    ...(apiKey !== null && { apiKey }),
  });
  return new Model({
    name: model,
    language: provider.chatModel(model),
    limits,
    budget: new ModelBudget(limits, systemClock),
    breaker: new CircuitBreaker(systemClock),
    clock: systemClock,
    random: Math.random,
    log,
  });
}
