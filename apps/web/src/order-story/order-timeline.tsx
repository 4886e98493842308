import { describeError } from "@live-orders/client/api-error";
import type { RowId } from "@live-orders/client/live-orders";
import type { Order } from "@live-orders/protocol/order";
import { useMemo } from "react";
import { withoutStop } from "../live/failure-word.ts";
import { Button } from "../ui/button.tsx";
import { exactTime } from "../ui/relative-time.ts";
import { useNow } from "../ui/use-now.ts";
import { MessageEntry, useOrderMessages } from "./order-messages.tsx";
import type { StoryState } from "./order-story.ts";
import classes from "./order-timeline.module.css";
import { withMessages } from "./story-lines.ts";
import { readStory, type StoryEntry } from "./story-entries.ts";
import { StatusTotals } from "./status-totals.tsx";
import { TimelineEntry } from "./timeline-entry.tsx";
import type { ToldStory } from "./use-order-story.ts";

interface OrderTimelineProps {
  readonly id: RowId;
  readonly told: ToldStory;
  /** As it stands now; null if there is none. */
  readonly order: Order | null;
  readonly onRestore: (then: Order) => void;
}

/** What became of an order, by whatever writer, live. */
export function OrderTimeline({ id, told, order, onRestore }: OrderTimelineProps) {
  const { story, state } = told;
  const { entries, totals } = useMemo(() => readStory(state.changes), [state.changes]);
  const lines = withMessages(entries, useOrderMessages(id));
  const now = useNow(1);
  return (
    <section className={classes.story} aria-labelledby="story-title" data-testid="story">
      <h3 id="story-title" className={classes.title}>
        History
      </h3>
      <StatusTotals totals={totals} now={now} />
      {lines.length > 0 && (
        <ol className={classes.list}>
          {lines.map((line) =>
            line.kind === "message" ? (
              <MessageEntry key={line.message.id} message={line.message} />
            ) : (
              <TimelineEntry key={line.position} entry={line} order={order} onRestore={onRestore} />
            ),
          )}
        </ol>
      )}
      <StoryEnd
        state={state}
        entries={entries}
        onMore={() => {
          void story.more();
        }}
        onAgain={() => {
          story.again();
        }}
      />
    </section>
  );
}

interface StoryEndProps {
  readonly state: StoryState;
  readonly entries: readonly StoryEntry[];
  readonly onMore: () => void;
  readonly onAgain: () => void;
}

/** What stands behind the oldest entry: more of them, or why there are none. */
function StoryEnd({ state: { head, older }, entries, onMore, onAgain }: StoryEndProps) {
  if (head.kind === "reading") return <p className={classes.word}>Reading the history …</p>;
  if (head.kind === "failed")
    return (
      <p className={classes.word} role="alert">
        The history could not be read: {withoutStop(describeError(head.error))}.{" "}
        <button type="button" className={classes.link} onClick={onAgain}>
          Try again
        </button>
      </p>
    );
  if (head.kind === "off")
    return (
      <p className={classes.word}>
        This server keeps no history (HISTORY_DAYS is 0). What happens while this is open shows here.
      </p>
    );
  if (older.kind !== "none")
    return (
      <div className={classes.more}>
        {older.kind === "failed" && (
          <p className={classes.word} role="alert">
            Earlier changes could not be read: {withoutStop(describeError(older.error))}.
          </p>
        )}
        <Button busy={older.kind === "reading"} onClick={onMore}>
          Earlier changes
        </Button>
      </div>
    );
  return <BeginningWord since={Date.parse(head.since)} entries={entries} />;
}

interface BeginningWordProps {
  readonly since: number;
  readonly entries: readonly StoryEntry[];
}

/** Where the oldest entry is not the order's creation. */
function BeginningWord({ since, entries }: BeginningWordProps) {
  const oldest = entries.at(-1);
  if (oldest?.deed.kind === "created") return null;
  return (
    <p className={classes.word}>
      {oldest === undefined ? "Nothing has happened to this order" : "The history is whole"} since{" "}
      <time dateTime={new Date(since).toISOString()}>{exactTime(since)}</time>
      {oldest === undefined ? ", where the history begins." : "; what was before may be missing."}
    </p>
  );
}
