import { createOrdersApi } from "@live-orders/client/orders-api";
import { pino, type Logger } from "pino";
import { runAgent } from "./agent.ts";
import { askServer } from "./ask/ask-server.ts";
import { listenLocally } from "./ask/listening.ts";
import { readConfig } from "./config.ts";
import type { Drafter } from "./drafts/drafter.ts";
import { modelDrafter } from "./drafts/model-drafter.ts";
import { templateDrafter } from "./drafts/template-drafter.ts";
import { openMail } from "./mail/open-mail.ts";
import { openModel, type ModelConfig } from "./model/open-model.ts";
import { openMessages } from "./open-messages.ts";
import type { Answerer } from "./questions/answerer.ts";
import { grammarAnswerer } from "./questions/grammar-answerer.ts";
import { modelAnswerer } from "./questions/model-answerer.ts";
import { readTools } from "./tools/read-tools.ts";
import type { Trigger } from "./triggers/trigger.ts";
import { readTriggers } from "./triggers/trigger-file.ts";

/**
 * The whole agent from its environment: resolves when it has been ended by `signal` and all that it opened is closed.
 *
 * @throws StartupError
 */
export async function startAgent(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const { database, name, serverUrl, sweepMs, port, logLevel, triggerFile, ...config } = readConfig(env);
  const triggers = await readTriggers(triggerFile);
  const mail = await openMail(config.mail, triggers);
  const log = pino({ level: logLevel, base: null });
  const messages = await openMessages(database, log);
  try {
    const { drafter, answerer } = openWriters({ model: config.model, serverUrl, triggers, log });
    await answerQuestions(answerer, port, log, signal);
    log.info(
      { server: serverUrl, triggers, drafts_by: drafter.name, sends: mail !== null },
      "the agent starts",
    );
    await runAgent({ name, serverUrl, sweepMs, messages, triggers, drafter, mail, log }, signal);
  } finally {
    await messages.close();
  }
}

interface WriterParts {
  readonly model: ModelConfig | null;
  readonly serverUrl: string;
  readonly triggers: readonly Trigger[];
  readonly log: Logger;
}

/** Templates and the grammar, or a model before them. */
function openWriters({ model: config, serverUrl, triggers, log }: WriterParts): {
  readonly drafter: Drafter;
  readonly answerer: Answerer;
} {
  const api = createOrdersApi({ baseUrl: serverUrl });
  const tools = readTools(api);
  const grammar = grammarAnswerer(tools);
  const templates = templateDrafter;
  if (config === null) return { drafter: templates, answerer: grammar };
  const model = openModel(config, log);
  const unread = new Set(triggers.filter(({ auto_send }) => auto_send).map(({ name }) => name));
  return {
    drafter: modelDrafter({ model, api, templates, unread, log }),
    answerer: modelAnswerer({ model, tools, grammar, now: Date.now }),
  };
}

/** Until the signal aborts. Another agent of this machine may have the port: one is enough. */
async function answerQuestions(
  answerer: Answerer,
  wanted: number,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const server = askServer(answerer, log);
  const port = await listenLocally(server, wanted);
  if (port === null) {
    log.warn({ port: wanted }, "AGENT_PORT is taken: this agent answers no questions");
    return;
  }
  log.info({ port, answers_by: answerer.source }, "answers questions");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
}
