import { createTransport } from "nodemailer";
import { z } from "zod";
import type { Mailer, SendOutcome } from "./mailer.ts";

export interface SmtpOptions {
  /** `smtp://user:password@host:587`, or `smtps://…` */
  readonly url: string;
  readonly from: string;
  readonly limitMs: number;
}

const errorSchema = z.object({
  message: z.string(),
  code: z.string().optional(),
  originalCode: z.string().optional(),
  command: z.string().optional(),
  responseCode: z.number().optional(),
});

/** Of these, nothing of the mail has been handed over. */
const BEFORE_ANY_MAIL = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EDNS",
  "EAUTH",
  "EENVELOPE",
]);

/** Sends by nodemailer, one connection a mail. What the server did not answer to its end is unsure. */
export function smtpMailer({ url, from, limitMs }: SmtpOptions): Mailer {
  const timeouts = { connectionTimeout: limitMs, greetingTimeout: limitMs, socketTimeout: limitMs };
  const transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true });
  return {
    limitMs,
    close: () => transport.close(),
    send: async ({ id, to, content: { subject, text } }) => {
      // As one address, not as a list of them.
      const mail = { from, to: { name: "", address: to }, subject, text, messageId: `<${id}@live-orders>` };
      const sending = transport.sendMail(mail).then((): SendOutcome => ({ kind: "sent" }), outcomeOf);
      return within(limitMs, sending);
    },
  };
}

/** What a failure says of whether the mail has left. */
export function outcomeOf(error: unknown): SendOutcome {
  const parsed = errorSchema.safeParse(error);
  if (!parsed.success) return { kind: "unsure", why: String(error) };
  const { message, code = "", originalCode = "", command, responseCode } = parsed.data;
  // A connection that ends carries the last word of the server, which is no answer to the mail.
  const isRefused = responseCode !== undefined && responseCode >= 400 && command !== "CONN";
  const isBefore = BEFORE_ANY_MAIL.has(code) || BEFORE_ANY_MAIL.has(originalCode);
  return { kind: isRefused || isBefore ? "failed" : "unsure", why: message.replace(/\s+/g, " ").trim() };
}

async function within(limitMs: number, sending: Promise<SendOutcome>): Promise<SendOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<SendOutcome>((resolve) => {
    const why = `the mail server did not answer within ${limitMs / 1000} s`;
    timer = setTimeout(() => resolve({ kind: "unsure", why }), limitMs);
  });
  try {
    return await Promise.race([sending, late]);
  } finally {
    clearTimeout(timer);
  }
}
