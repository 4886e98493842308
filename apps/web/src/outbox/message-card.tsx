import type { AgentMessage } from "@live-orders/protocol/agent-message";
import { Link } from "@tanstack/react-router";
import { ChevronRight, Copy } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "../ui/button.tsx";
import { exactTime, relativeTime } from "../ui/relative-time.ts";
import { useNow } from "../ui/use-now.ts";
import { MessageEditor } from "./message-editor.tsx";
import { ACTION_WORD, actionsOf, isEditable, STATE_WORD } from "./outbox-shelf.ts";
import classes from "./outbox.module.css";
import type { Review } from "./use-review.ts";

interface MessageCardProps {
  readonly message: AgentMessage;
  readonly selected: boolean;
  readonly review: Review;
  readonly onSelect: (selected: boolean) => void;
}

export function MessageCard({ message, selected, review, onSelect }: MessageCardProps) {
  const { state, order, content, reason } = message;
  const textId = useId();
  const [open, setOpen] = useState(false);
  const [editing, setEditing] = useState(false);
  const subject = content?.subject ?? message.cause.trigger;
  return (
    <li className={classes.card} data-message-id={message.id} data-state={state}>
      <input
        type="checkbox"
        className={classes.check}
        aria-label={`Select: ${subject}`}
        checked={selected}
        onChange={(event) => {
          onSelect(event.currentTarget.checked);
        }}
      />
      <div className={classes.body}>
        <p className={classes.head}>
          <span className={classes.state} data-state={state}>
            {STATE_WORD[state]}
          </span>
          <button
            type="button"
            className={classes.subject}
            aria-expanded={open}
            aria-controls={textId}
            onClick={() => {
              setOpen(!open);
            }}
          >
            <ChevronRight className={classes.chevron} size={14} aria-hidden />
            <span>{subject}</span>
          </button>
          <LastDeed message={message} />
        </p>
        <p className={classes.line}>
          <Link to="/" search={{ order: order.id }} className={classes.order}>
            #{order.id}
          </Link>{" "}
          {order.customer_name}, {order.product_name}
        </p>
        {reason !== null && (
          <p className={classes.reason} data-state={state}>
            {reason}
          </p>
        )}
        {state === "unsure" && (
          <p className={classes.reason} data-state={state}>
            It may have reached the customer. It is not sent again unless you say so.
          </p>
        )}
        <div id={textId} hidden={!open && !editing}>
          {editing ? (
            <MessageEditor
              message={message}
              onSave={(next) => review.edit(message, next)}
              onClose={() => {
                setEditing(false);
              }}
            />
          ) : (
            <MessageText message={message} />
          )}
        </div>
        {!editing && (
          <div className={classes.buttons}>
            {actionsOf(state).map((action, index) => (
              <Button
                key={action}
                kind={index === 0 && action !== "dismiss" ? "primary" : "plain"}
                busy={review.busy}
                onClick={() => {
                  review.run(action, [message]);
                }}
              >
                {ACTION_WORD[action]}
              </Button>
            ))}
            {isEditable(state) && (
              <Button
                onClick={() => {
                  setEditing(true);
                }}
              >
                Edit
              </Button>
            )}
            {content !== null && (
              <Button
                onClick={() => {
                  review.copy([message]);
                }}
              >
                <Copy size={13} aria-hidden />
                Copy
              </Button>
            )}
          </div>
        )}
      </div>
    </li>
  );
}

function LastDeed({ message }: { readonly message: AgentMessage }) {
  const now = useNow(5);
  const last = message.deeds.at(-1);
  if (last === undefined) return null;
  const at = Date.parse(last.at);
  return (
    <time className={classes.time} dateTime={last.at} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}

function MessageText({ message: { content, made_by, deeds, sent_to } }: { readonly message: AgentMessage }) {
  return (
    <>
      {content !== null && <pre className={classes.text}>{content.text}</pre>}
      {sent_to !== null && <p className={classes.line}>To {sent_to}</p>}
      <ul className={classes.deeds}>
        {made_by !== null && (
          <li>
            Written by the {made_by.kind} {made_by.name}
          </li>
        )}
        {deeds.map(({ deed, by, at }, index) => (
          <li key={index}>
            {deed === "edited" ? "Edited" : STATE_WORD[deed]} by {by},{" "}
            <time dateTime={at}>{exactTime(Date.parse(at))}</time>
          </li>
        ))}
      </ul>
    </>
  );
}
