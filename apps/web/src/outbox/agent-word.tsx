import type { Agents } from "@live-orders/protocol/http-agent";
import classes from "./outbox.module.css";

/** Who writes the texts, and what becomes of approved ones. */
export function AgentWord({ agents }: { readonly agents: Agents["agents"] | undefined }) {
  if (agents === undefined) return null;
  if (agents.length === 0) {
    return (
      <p className={classes.agents} data-testid="agents">
        No agent is running, so nothing new is drafted: <code>npx -y pnpm@10 agent</code> starts one.
      </p>
    );
  }
  const writers = [...new Set(agents.map(({ drafts_by }) => drafts_by))].join(" and ");
  return (
    <p className={classes.agents} data-testid="agents">
      Texts by {writers}.{" "}
      {agents.some(({ sends }) => sends)
        ? "Approved messages are sent by mail."
        : "No mail server is set up: copy or export what is approved."}
    </p>
  );
}
