import { pino } from "pino";
import { runAgent } from "./agent.ts";
import { readConfig } from "./config.ts";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { modelDrafter } from "./drafts/model-drafter.ts";
import { templateDrafter } from "./drafts/template-drafter.ts";
import { openMail } from "./mail/open-mail.ts";
import { openModel } from "./model/open-model.ts";
import { openMessages } from "./open-messages.ts";
import { readTriggers } from "./triggers/trigger-file.ts";

/**
 * The whole agent from its environment: resolves when it has been ended by `signal` and all that it opened is closed.
 *
 * @throws StartupError
 */
export async function startAgent(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const { database, name, serverUrl, sweepMs, logLevel, triggerFile, ...config } = readConfig(env);
  const triggers = await readTriggers(triggerFile);
  const mail = await openMail(config.mail, triggers);
  const log = pino({ level: logLevel, base: null });
  const messages = await openMessages(database, log);
  try {
    const model = config.model && openModel(config.model, log);
    const unread = new Set(triggers.filter(({ auto_send }) => auto_send).map((trigger) => trigger.name));
    const api = createOrdersApi({ baseUrl: serverUrl });
    const drafter =
      model === null
        ? templateDrafter
        : modelDrafter({ model, api, templates: templateDrafter, unread, log });
    log.info(
      { server: serverUrl, triggers, drafts_by: drafter.name, sends: mail !== null },
      "the agent starts",
    );
    await runAgent({ name, serverUrl, sweepMs, messages, triggers, drafter, mail, log }, signal);
  } finally {
    await messages.close();
  }
}
