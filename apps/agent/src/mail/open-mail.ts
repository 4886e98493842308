import { StartupError } from "../startup-error.ts";
import type { Trigger } from "../triggers/trigger.ts";
import { readContacts, type Contacts } from "./contacts.ts";
import type { Mailer } from "./mailer.ts";
import { smtpMailer } from "./smtp-mailer.ts";

export interface MailConfig {
  readonly smtpUrl: string | null;
  readonly from: string | null;
  readonly contactFile: string | null;
  readonly limitMs: number;
}

export interface MailParts {
  readonly mailer: Mailer;
  readonly contacts: Contacts;
}

/**
 * Null: no mail server is set up, and people send by other means.
 *
 * @throws StartupError with what lacks
 */
export async function openMail(config: MailConfig, triggers: readonly Trigger[]): Promise<MailParts | null> {
  const { smtpUrl, from, contactFile, limitMs } = config;
  if (smtpUrl === null) {
    const sending = triggers.find(({ enabled, auto_send }) => enabled && auto_send);
    if (sending === undefined) return null;
    throw new StartupError(`The trigger ${sending.name} has auto_send, which needs SMTP_URL.`);
  }
  if (from === null) throw new StartupError("SMTP_URL needs MAIL_FROM: the address that mails come from.");
  if (contactFile === null) {
    throw new StartupError(
      "SMTP_URL needs AGENT_CONTACTS: a CSV file with the columns customer_name and address.",
    );
  }
  return { mailer: smtpMailer({ url: smtpUrl, from, limitMs }), contacts: await readContacts(contactFile) };
}
