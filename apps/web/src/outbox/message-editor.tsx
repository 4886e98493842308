import { MAX_SUBJECT, MAX_TEXT, type AgentMessage } from "@live-orders/protocol/agent-message";
import { useId, useState } from "react";
import { Button } from "../ui/button.tsx";
import classes from "./outbox.module.css";

interface MessageEditorProps {
  readonly message: AgentMessage;
  /** Resolves with why it was not saved; null if it was. */
  readonly onSave: (content: NonNullable<AgentMessage["content"]>) => Promise<string | null>;
  readonly onClose: () => void;
}

export function MessageEditor({ message, onSave, onClose }: MessageEditorProps) {
  const id = useId();
  const [content, setContent] = useState(message.content ?? { subject: "", text: "" });
  const [why, setWhy] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    const failure = await onSave(content);
    setBusy(false);
    if (failure === null) onClose();
    else setWhy(failure);
  };
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <label htmlFor={`${id}-subject`}>Subject</label>
      <input
        id={`${id}-subject`}
        value={content.subject}
        maxLength={MAX_SUBJECT}
        required
        autoFocus
        onChange={(event) => {
          setContent({ ...content, subject: event.currentTarget.value });
        }}
      />
      <label htmlFor={`${id}-text`}>Text</label>
      <textarea
        id={`${id}-text`}
        value={content.text}
        maxLength={MAX_TEXT}
        required
        rows={9}
        onChange={(event) => {
          setContent({ ...content, text: event.currentTarget.value });
        }}
      />
      {why !== null && (
        <p className={classes.why} role="alert">
          {why}
        </p>
      )}
      <div className={classes.buttons}>
        <Button kind="primary" type="submit" busy={busy}>
          Save
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </form>
  );
}
