import { messageBatchSchema, type MessageBatch } from "@live-orders/protocol/http-agent";
import type { Clock } from "@live-orders/client/clock";

interface StreamEvents {
  batch(batch: MessageBatch): void;
  /** Whether it hears the server. */
  live(isLive: boolean): void;
}

/** How long after a refusal it is tried again, in milliseconds; a lost connection the browser takes up by itself. */
const RETRY = 3000;

/** Every message that changes after a cursor, until the answer is called. */
export function openMessageStream(cursor: string, events: StreamEvents, clock: Clock): () => void {
  let after = cursor;
  let source: EventSource | null = null;
  let cancel = () => {};
  const open = () => {
    const opened = new EventSource(`/api/agent/messages/stream?after=${encodeURIComponent(after)}`);
    source = opened;
    opened.addEventListener("messages", ({ data }: MessageEvent<string>) => {
      const batch = messageBatchSchema.parse(JSON.parse(data));
      after = batch.cursor;
      events.live(true);
      events.batch(batch);
    });
    opened.addEventListener("error", () => {
      events.live(false);
      if (opened.readyState === EventSource.CLOSED) cancel = clock.after(RETRY, open);
    });
  };
  open();
  return () => {
    cancel();
    source?.close();
  };
}
