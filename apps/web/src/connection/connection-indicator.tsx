import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import { useNow } from "../ui/use-now.ts";
import { connectionLook, waitingWord } from "./connection-look.ts";
import classes from "./connection-indicator.module.css";

/** Always in sight: whether what is shown is live, and if not, what is being done about it. */
export function ConnectionIndicator() {
  const { live } = useParts();
  const status = useLiveStatus();
  const look = connectionLook(status.connection, useNow(1));
  const waiting = waitingWord(status);
  return (
    <div
      className={classes.indicator}
      data-testid="connection"
      data-state={status.connection.kind}
      data-tone={look.tone}
      data-resyncs={status.resyncs.count}
      title={look.title}
    >
      <span className={classes.dot} aria-hidden />
      <span>
        {look.label}
        {waiting !== "" && ` · ${waiting}`}
      </span>
      {look.canRetry && (
        <button
          type="button"
          className={classes.retry}
          onClick={() => {
            live.reconnectNow();
          }}
        >
          Try now
        </button>
      )}
    </div>
  );
}
