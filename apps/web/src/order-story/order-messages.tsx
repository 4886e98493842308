import type { AgentMessage } from "@live-orders/protocol/agent-message";
import type { RowId } from "@live-orders/client/live-orders";
import { Mail } from "lucide-react";
import { useMessageBoard } from "../outbox/use-message-board.ts";
import { STATE_WORD } from "../outbox/outbox-shelf.ts";
import { exactTime, relativeTime } from "../ui/relative-time.ts";
import { useNow } from "../ui/use-now.ts";
import { queuedAt } from "./story-lines.ts";
import classes from "./timeline-entry.module.css";

/** The agent's messages about an order, live; each stands in its story at the time of its cause. */
export function useOrderMessages(id: RowId): readonly AgentMessage[] {
  return useMessageBoard({ order: id }).state.messages;
}

export function MessageEntry({ message }: { readonly message: AgentMessage }) {
  const now = useNow(5);
  const { content, cause, state, reason, deeds } = message;
  const first = queuedAt(message);
  const last = deeds.at(-1);
  return (
    <li className={classes.entry} data-testid="story-message" data-state={state}>
      <span className={classes.mark} data-tone="plain" aria-hidden>
        <Mail size={13} />
      </span>
      <div className={classes.body}>
        <p className={classes.head}>
          <span className={classes.deed}>{content?.subject ?? cause.trigger}</span>
          <time className={classes.time} dateTime={new Date(first).toISOString()} title={exactTime(first)}>
            {relativeTime(first, now)}
          </time>
        </p>
        <p className={classes.line}>
          {STATE_WORD[state]}
          {last !== undefined &&
            deeds.length > 1 &&
            ` by ${last.by}, ${relativeTime(Date.parse(last.at), now)}`}
          {reason !== null && `: ${reason}`}
        </p>
      </div>
    </li>
  );
}
