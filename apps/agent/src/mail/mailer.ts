import type { DraftText } from "@live-orders/protocol/agent-message";

interface Mail {
  /** The message's id: it names the mail, too, so that a mail that comes twice can be told. */
  readonly id: string;
  readonly to: string;
  readonly content: DraftText;
}

export type SendOutcome =
  | { readonly kind: "sent" }
  /** It surely has not left. */
  | { readonly kind: "failed"; readonly why: string }
  /** It may have left. */
  | { readonly kind: "unsure"; readonly why: string };

/** The seam to a mail server. */
export interface Mailer {
  readonly limitMs: number;
  /** Resolves within `limitMs`. Never rejects. */
  send(mail: Mail): Promise<SendOutcome>;
  close(): void;
}
