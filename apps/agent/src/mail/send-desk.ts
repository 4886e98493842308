import type { OrdersApi } from "@live-orders/client/orders-api";
import type { AgentMessage } from "@live-orders/protocol/agent-message";
import type { MessageChange, MessageStore } from "@live-orders/store/message-store";
import { endedBy, moved, type Doer } from "@live-orders/store/message-steps";
import type { Logger } from "pino";
import { readOrder } from "../watch/order-reading.ts";
import { contactName, type Contacts } from "./contacts.ts";
import type { Mailer, SendOutcome } from "./mailer.ts";

interface DeskParts {
  readonly api: Pick<OrdersApi, "get">;
  readonly messages: MessageStore;
  readonly mailer: Mailer;
  readonly contacts: Contacts;
  readonly by: string;
  readonly log: Logger;
}

const BATCH = 20;
const LOOK_EVERY_MS = 2_000;
/** Tries to record what became of a mail, while others write to its message. */
const TRIES = 20;

/**
 * Sends what is approved. A message is claimed before its mail is handed over, and what became of it is recorded after:
 * whoever dies in between leaves it as it was claimed, and it is then unsure, never sent again by itself.
 */
export class SendDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Until the signal aborts; a mail that is under way is waited for. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { messages, mailer, log } = this.#parts;
    const wakeUp = messages.changed();
    while (!signal.aborted) {
      const seen = wakeUp.count;
      await this.#look(signal).catch((error: unknown) => log.warn({ err: error }, "can't send just now"));
      await wakeUp.after(seen, LOOK_EVERY_MS, signal);
    }
    mailer.close();
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { messages } = this.#parts;
    await this.#giveUp(await messages.oldest("sending", BATCH));
    for (;;) {
      const approved = await messages.oldest("approved", BATCH);
      for (const message of approved) {
        if (signal.aborted) return;
        await this.#send(message);
      }
      if (approved.length < BATCH) return;
    }
  }

  /** Nobody sends for longer than the mailer's limit: whoever claimed these is gone. */
  async #giveUp(sending: readonly AgentMessage[]): Promise<void> {
    const latest = Date.now() - 2 * this.#parts.mailer.limitMs;
    const left = sending.filter(({ deeds }) => Date.parse(deeds.at(-1)?.at ?? "") < latest);
    const reason = "It was handed to the mail server; whether it left was not recorded";
    await this.#parts.messages.replace(
      left.map((message) => moved(message, "unsure", this.#doer(), { reason })),
    );
  }

  async #send(message: AgentMessage): Promise<void> {
    const { mailer, log } = this.#parts;
    const claimed = await this.#write(await this.#claim(message));
    // Another one was quicker; or it is not to be sent any more.
    if (claimed?.state !== "sending" || claimed.content === null || claimed.sent_to === null) return;
    const { id, content, sent_to: to } = claimed;
    const outcome = await mailer.send({ id, to, content });
    log.info({ message: id, outcome }, "a mail");
    await this.#record(claimed, outcome);
  }

  async #claim(message: AgentMessage): Promise<MessageChange> {
    const doer = this.#doer();
    const { order } = await readOrder(this.#parts.api, message.order.id);
    const end = endedBy(message, order, doer);
    if (end !== null) return end;
    const address = this.#parts.contacts.get(contactName(message.order.customer_name));
    if (address === undefined) {
      return moved(message, "failed", doer, { reason: "The contacts have no address for this customer" });
    }
    return moved(message, "sending", doer, { sent_to: address });
  }

  async #record(claimed: AgentMessage, outcome: SendOutcome): Promise<void> {
    const reason = outcome.kind === "sent" ? null : outcome.why;
    let standing: AgentMessage | null = claimed;
    for (let tries = 0; tries < TRIES && standing !== null; tries += 1) {
      // It may have been given up meanwhile, or its cause have ended; else somebody has judged it.
      if (standing.state !== "sending" && standing.state !== "unsure") return;
      if ((await this.#write(moved(standing, outcome.kind, this.#doer(), { reason }))) !== null) return;
      standing = await this.#parts.messages.get(claimed.id);
    }
  }

  async #write(change: MessageChange): Promise<AgentMessage | null> {
    const [written] = await this.#parts.messages.replace([change]);
    return written ?? null;
  }

  #doer(): Doer {
    return { by: this.#parts.by, at: new Date().toISOString() };
  }
}
