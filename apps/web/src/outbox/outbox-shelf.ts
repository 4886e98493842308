import type { MessageState } from "@live-orders/protocol/agent-message";
import type { MessagesPage, ReviewAction } from "@live-orders/protocol/http-agent";

/** The parts of the Outbox, by what a person has to do with them. */
export const SHELVES = {
  review: { label: "To review", states: ["queued", "draft", "failed", "unsure"] },
  approved: { label: "Approved", states: ["approved", "sending"] },
  sent: { label: "Sent", states: ["sent"] },
  aside: { label: "Set aside", states: ["dismissed", "obsolete", "declined"] },
} as const satisfies Record<string, { label: string; states: readonly MessageState[] }>;

export type Shelf = keyof typeof SHELVES;
export const SHELF_NAMES = ["review", "approved", "sent", "aside"] as const satisfies readonly Shelf[];

export const shelfCount = (shelf: Shelf, counts: MessagesPage["counts"]): number =>
  SHELVES[shelf].states.reduce((sum, state) => sum + counts[state], 0);

export const STATE_WORD: Readonly<Record<MessageState, string>> = {
  queued: "Being written",
  draft: "Draft",
  approved: "Approved",
  sending: "Being sent",
  sent: "Sent",
  dismissed: "Dismissed",
  failed: "Not sent",
  obsolete: "Obsolete",
  unsure: "Unsure",
  declined: "Declined",
};

/** What a person may do with a message in a state; the server has the last word. */
const ACTIONS: Readonly<Record<MessageState, readonly ReviewAction[]>> = {
  queued: ["dismiss"],
  draft: ["approve", "dismiss"],
  approved: ["mark-sent", "dismiss"],
  sending: [],
  sent: [],
  dismissed: [],
  failed: ["approve", "dismiss"],
  obsolete: ["dismiss"],
  unsure: ["mark-sent", "resend", "dismiss"],
  declined: ["dismiss"],
};

export const actionsOf = (state: MessageState): readonly ReviewAction[] => ACTIONS[state];

export const isEditable = (state: MessageState): boolean =>
  state === "draft" || state === "failed" || state === "declined";

export const ACTION_WORD: Readonly<Record<ReviewAction, string>> = {
  approve: "Approve",
  dismiss: "Dismiss",
  resend: "Send again",
  "mark-sent": "Mark as sent",
};

/** What was done, of so many. */
export const DONE_WORD: Readonly<Record<ReviewAction, string>> = {
  approve: "approved",
  dismiss: "dismissed",
  resend: "to be sent again",
  "mark-sent": "marked as sent",
};
