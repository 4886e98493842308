import {
  MAX_DEEDS,
  MAX_REASON,
  type AgentMessage,
  type CauseEnd,
  type DraftText,
  type MessageCause,
  type MessageDeed,
  type MessageState,
} from "@live-orders/protocol/agent-message";
import type { Order } from "@live-orders/protocol/order";
import type { MessageChange, UnwrittenMessage } from "./message-store.ts";

/** Who does something, and when (RFC 3339). */
export interface Doer {
  readonly by: string;
  readonly at: string;
}

/** The message of a cause, whose text is to be written. */
export function queuedMessage(id: string, cause: MessageCause, order: Order, doer: Doer): UnwrittenMessage {
  return {
    id,
    cause,
    order,
    state: "queued",
    content: null,
    made_by: null,
    reason: null,
    ended: null,
    sent_to: null,
    deeds: [{ deed: "queued", ...doer }],
  };
}

type Fields = Partial<Pick<AgentMessage, "content" | "made_by" | "reason" | "ended" | "sent_to">>;

/** The message in another state; its reason is forgotten unless there is a new one. */
export function moved(
  { version, ...message }: AgentMessage,
  state: MessageState,
  doer: Doer,
  fields: Fields = {},
): MessageChange {
  const reason = fields.reason?.slice(0, MAX_REASON) ?? null;
  const deeds = withDeed(message.deeds, { deed: state, ...doer });
  return { version, message: { ...message, ...fields, reason, state, deeds } };
}

/** Another text, by a person: it waits for approval again. */
export function edited(message: AgentMessage, content: DraftText, { by, at }: Doer): MessageChange {
  const { message: next, version } = moved(message, "draft", { by, at }, { content });
  return { version, message: { ...next, deeds: withDeed(message.deeds, { deed: "edited", by, at }) } };
}

function withDeed(deeds: readonly MessageDeed[], deed: MessageDeed): MessageDeed[] {
  const [first, ...rest] = deeds;
  return first === undefined ? [deed] : [first, ...rest.slice(2 - MAX_DEEDS), deed];
}

/**
 * Why the message's cause does not hold for the order as it stands, if it does not: an order that is somewhere else is
 * moved, whatever its names are.
 *
 * @param order null: it was deleted
 */
export function endOfCause(
  { order: then }: Pick<AgentMessage, "order">,
  order: Order | null,
): CauseEnd | null {
  if (order === null) return { kind: "deleted" };
  if (order.status !== then.status) return { kind: "moved", to: order.status };
  const isSame = order.customer_name === then.customer_name && order.product_name === then.product_name;
  return isSame ? null : { kind: "renamed" };
}

/** Those whose text would go out, or may: without a cause they are obsolete. */
const OPEN: ReadonlySet<MessageState> = new Set(["queued", "draft", "approved", "failed"]);

/** The message with its cause's end; null if that is known already, or its cause holds. */
export function endedBy(message: AgentMessage, order: Order | null, doer: Doer): MessageChange | null {
  const ended = endOfCause(message, order);
  if (ended === null || ended.kind === message.ended?.kind) return null;
  const { version, ...rest } = message;
  if (!OPEN.has(message.state)) return { version, message: { ...rest, ended } };
  return moved(message, "obsolete", doer, { ended, reason: wordOf(ended) });
}

function wordOf(end: CauseEnd): string {
  switch (end.kind) {
    case "deleted":
      return "The order was deleted meanwhile";
    case "moved":
      return `The order is ${end.to} by now`;
    case "renamed":
      return "The order's customer or product has another name by now";
  }
}
