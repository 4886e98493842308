import { pino } from "pino";
import { runAgent } from "./agent.ts";
import { readConfig } from "./config.ts";
import { templateDrafter } from "./drafts/template-drafter.ts";
import { openMail } from "./mail/open-mail.ts";
import { openMessages } from "./open-messages.ts";
import { readTriggers } from "./triggers/trigger-file.ts";

/**
 * The whole agent from its environment: resolves when it has been ended by `signal` and all that it opened is closed.
 *
 * @throws StartupError
 */
export async function startAgent(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const { database, name, serverUrl, sweepMs, logLevel, triggerFile, mail: mailConfig } = readConfig(env);
  const triggers = await readTriggers(triggerFile);
  const mail = await openMail(mailConfig, triggers);
  const log = pino({ level: logLevel, base: null });
  const messages = await openMessages(database, log);
  try {
    const drafter = templateDrafter;
    log.info(
      { server: serverUrl, triggers, drafts_by: drafter.name, sends: mail !== null },
      "the agent starts",
    );
    await runAgent({ name, serverUrl, sweepMs, messages, triggers, drafter, mail, log }, signal);
  } finally {
    await messages.close();
  }
}
