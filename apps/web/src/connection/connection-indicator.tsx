import { RotateCw } from "lucide-react";
import { useId, useSyncExternalStore } from "react";
import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import { useNow } from "../ui/use-now.ts";
import { connectionLook, waitingWord } from "./connection-look.ts";
import classes from "./connection-indicator.module.css";
import { TRANSPORT_WORDS } from "./transport-choice.ts";
import { TransportMenu } from "./transport-menu.tsx";

/** Always in sight: whether what is shown is live, and if not, what is being done about it; and how changes come. */
export function ConnectionIndicator() {
  const { live, transport } = useParts();
  const status = useLiveStatus();
  const look = connectionLook(status.connection, useNow(1));
  const waiting = waitingWord(status);
  const menu = useId();
  const used = useSyncExternalStore(
    (listener) => transport.subscribe(listener),
    () => transport.used(),
  );
  const isLive = status.connection.kind === "live";
  return (
    <div
      className={classes.indicator}
      data-testid="connection"
      data-state={status.connection.kind}
      data-tone={look.tone}
      data-resyncs={status.resyncs.count}
      data-transport={used}
    >
      <button
        type="button"
        className={classes.state}
        title={used === null ? look.title : `${look.title}. Changes come by ${TRANSPORT_WORDS[used].name}.`}
        popoverTarget={menu}
      >
        <span className={classes.dot} aria-hidden />
        <span className={classes.words}>
          <span className={classes.word}>
            {look.label}
            {isLive && used !== null && used !== "socket.io" && ` · ${TRANSPORT_WORDS[used].short}`}
          </span>
          {waiting !== "" && (
            <span className={classes.word}>
              <span className={classes.between}> · </span>
              {waiting}
            </span>
          )}
        </span>
      </button>
      {look.canRetry && (
        <button
          type="button"
          className={classes.retry}
          title="Try now"
          onClick={() => {
            live.reconnectNow();
          }}
        >
          <RotateCw className={classes.retryIcon} size={16} aria-hidden />
          <span className={classes.retryWord}>Try now</span>
        </button>
      )}
      <TransportMenu id={menu} />
    </div>
  );
}
