import type { AgentMessage } from "@live-orders/protocol/agent-message";
import type { ReviewAction } from "@live-orders/protocol/http-agent";
import { useState } from "react";
import { withoutStop } from "../live/failure-word.ts";
import { Button } from "../ui/button.tsx";
import { grouped } from "../ui/grouped-number.ts";
import { MessageCard } from "./message-card.tsx";
import type { BoardState, MessageBoard } from "./message-board.ts";
import { ACTION_WORD, actionsOf, type Shelf } from "./outbox-shelf.ts";
import classes from "./outbox.module.css";
import { useReview } from "./use-review.ts";

interface OutboxListProps {
  readonly board: MessageBoard;
  readonly state: BoardState;
  readonly shelf: Shelf;
}

const EMPTY: Readonly<Record<Shelf, string>> = {
  review: "Nothing to review. What the agent drafts shows here at once.",
  approved: "Nothing is approved and waiting.",
  sent: "Nothing has been sent.",
  aside: "Nothing was set aside.",
};

/** The messages of a shelf, and what can be done with several of them. */
export function OutboxList({ board, state, shelf }: OutboxListProps) {
  const review = useReview(board);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { messages, head, more } = state;
  const selected = messages.filter(({ id }) => chosen.has(id));
  const choose = (ids: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    setChosen(next);
  };
  if (head.kind === "failed" && messages.length === 0)
    return (
      <p className={classes.word} role="alert">
        The messages could not be read: {withoutStop(head.why)}. Trying again …
      </p>
    );
  if (head.kind === "reading") return <p className={classes.word}>Reading the messages …</p>;
  if (messages.length === 0) return <p className={classes.word}>{EMPTY[shelf]}</p>;
  return (
    <>
      <div className={classes.bar}>
        <label className={classes.all}>
          <input
            type="checkbox"
            checked={selected.length === messages.length}
            onChange={(event) => {
              choose(
                messages.map(({ id }) => id),
                event.currentTarget.checked,
              );
            }}
          />
          {selected.length === 0 ? "Select all" : `${grouped(selected.length)} selected`}
        </label>
        {selected.length > 0 && (
          <BulkButtons
            messages={selected}
            busy={review.busy}
            onCopy={() => {
              review.copy(selected);
            }}
            onReview={(action, those) => {
              setChosen(new Set());
              review.run(action, those);
            }}
          />
        )}
      </div>
      <ol className={classes.list}>
        {messages.map((message) => (
          <MessageCard
            key={message.id}
            message={message}
            selected={chosen.has(message.id)}
            review={review}
            onSelect={(on) => {
              choose([message.id], on);
            }}
          />
        ))}
      </ol>
      {more && (
        <Button
          onClick={() => {
            void board.more();
          }}
        >
          Earlier messages
        </Button>
      )}
    </>
  );
}

interface BulkButtonsProps {
  readonly messages: readonly AgentMessage[];
  readonly busy: boolean;
  readonly onCopy: () => void;
  readonly onReview: (action: ReviewAction, messages: readonly AgentMessage[]) => void;
}

/** Sending again is for one at a time: nobody should do it without looking. */
const IN_BULK = ["approve", "mark-sent", "dismiss"] as const satisfies readonly ReviewAction[];

function BulkButtons({ messages, busy, onCopy, onReview }: BulkButtonsProps) {
  return (
    <div className={classes.bulk} role="toolbar" aria-label="Selected messages">
      {IN_BULK.map((action) => {
        const those = messages.filter(({ state }) => actionsOf(state).includes(action));
        if (those.length === 0) return null;
        return (
          <Button
            key={action}
            busy={busy}
            onClick={() => {
              onReview(action, those);
            }}
          >
            {`${ACTION_WORD[action]} ${grouped(those.length)}`}
          </Button>
        );
      })}
      <Button onClick={onCopy}>{`Copy ${grouped(messages.length)}`}</Button>
    </div>
  );
}
