import { getRouteApi } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { AgentWord } from "../outbox/agent-word.tsx";
import { OutboxList } from "../outbox/outbox-list.tsx";
import { SHELVES, type Shelf } from "../outbox/outbox-shelf.ts";
import { OutboxTabs } from "../outbox/outbox-tabs.tsx";
import classes from "../outbox/outbox.module.css";
import { useAgents } from "../outbox/use-agents.ts";
import { useMessageBoard } from "../outbox/use-message-board.ts";
import { useTitle } from "./use-title.ts";

const route = getRouteApi("/outbox");

/** What the agent would say to customers, and what a person makes of it. */
export function OutboxPage() {
  useTitle("Outbox");
  const { show = "review" } = route.useSearch();
  return <OutboxShelf key={show} shelf={show} />;
}

function OutboxShelf({ shelf }: { readonly shelf: Shelf }) {
  const agents = useAgents();
  const { board, state } = useMessageBoard({ states: SHELVES[shelf].states });
  const exported = `/api/agent/messages.csv?state=${SHELVES[shelf].states.join(",")}`;
  return (
    <main className={classes.page} data-testid="outbox" data-live={state.live}>
      <div className={classes.top}>
        <h1 className={classes.title}>Outbox</h1>
        <AgentWord agents={agents} />
        <a className={classes.export} href={exported} download>
          <Download size={14} aria-hidden />
          Export
        </a>
      </div>
      <OutboxTabs selected={shelf} counts={state.counts} />
      <OutboxList board={board} state={state} shelf={shelf} />
    </main>
  );
}
