import type { AgentMessage, DraftText, MessageState } from "@live-orders/protocol/agent-message";
import type { ReviewAction } from "@live-orders/protocol/http-agent";
import type { Order } from "@live-orders/protocol/order";
import type { MessageChange } from "./message-store.ts";
import { edited, endedBy, moved, type Doer } from "./message-steps.ts";

export type ReviewPlan =
  | { readonly kind: "change"; readonly change: MessageChange }
  /** Its cause holds no more: what is to be written says so, and the review was in vain. */
  | { readonly kind: "ended"; readonly change: MessageChange; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

/** From where to where each action leads. What was handed to a mail server is sent again by `resend` alone. */
const STEPS: Readonly<
  Record<ReviewAction, { readonly from: readonly MessageState[]; readonly to: MessageState }>
> = {
  approve: { from: ["draft", "failed"], to: "approved" },
  dismiss: {
    from: ["queued", "draft", "approved", "failed", "obsolete", "unsure", "declined"],
    to: "dismissed",
  },
  resend: { from: ["unsure"], to: "approved" },
  "mark-sent": { from: ["approved", "unsure"], to: "sent" },
};

const EDITABLE: readonly MessageState[] = ["draft", "failed", "declined"];

/** @param order as it stands; null if there is none */
export function planReview(
  message: AgentMessage,
  action: ReviewAction,
  order: Order | null,
  doer: Doer,
): ReviewPlan {
  const { from, to } = STEPS[action];
  if (!from.includes(message.state)) return refused(message, action);
  if (to === "approved") {
    if (message.content === null) return { kind: "refused", why: "The message has no text" };
    const change = endedBy(message, order, doer);
    if (change !== null) return { kind: "ended", change, why: change.message.reason ?? "" };
  }
  return { kind: "change", change: moved(message, to, doer) };
}

/** A text that somebody wrote. */
export function planEdit(message: AgentMessage, text: Partial<DraftText>, doer: Doer): ReviewPlan {
  if (!EDITABLE.includes(message.state)) return refused(message, "edit");
  const subject = text.subject ?? message.content?.subject;
  const body = text.text ?? message.content?.text;
  if (subject === undefined || body === undefined) {
    return { kind: "refused", why: "A message without a text needs both a subject and a text" };
  }
  return { kind: "change", change: edited(message, { subject, text: body }, doer) };
}

const refused = ({ state }: AgentMessage, action: string): ReviewPlan => ({
  kind: "refused",
  why: `A message that is ${state} can't take: ${action}`,
});
