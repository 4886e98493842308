import { pino, type Logger } from "pino";
import { openModel, type ModelConfig } from "../src/model/open-model.ts";
import type { Model } from "../src/model/model.ts";

/** A key as a tester would search the logs for. */
export const KEY = "sk-never-logged";

const CONFIG = {
  apiKey: KEY,
  model: "scripted",
  callsPerMinute: 1000,
  tokensPerDay: 10_000_000,
  steps: 4,
  limitMs: 2000,
};

export interface ModelSetting {
  readonly model: Model;
  readonly log: Logger;
  /** What was logged. */
  lines(): readonly Readonly<Record<string, unknown>>[];
}

/** A model at an endpoint, and all that it logs. */
export function modelAt(baseUrl: string, config: Partial<ModelConfig> = {}): ModelSetting {
  const written: string[] = [];
  const log = pino({ level: "trace", base: null }, { write: (line: string) => written.push(line) });
  return {
    model: openModel({ ...CONFIG, baseUrl, ...config }, log),
    log,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
