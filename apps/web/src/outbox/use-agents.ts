import { describeError } from "@live-orders/client/api-error";
import type { Agents } from "@live-orders/protocol/http-agent";
import { useQuery } from "@tanstack/react-query";
import { agentApi } from "./use-message-board.ts";

/** In milliseconds. */
const PACE = 5000;
/** An agent tells that it is there every few seconds. */
const AWAY_AFTER = 30_000;

/** The agents that are at work now; undefined until it is known. */
export function useAgents(): Agents["agents"] | undefined {
  const { data } = useQuery({
    queryKey: ["agents"],
    refetchInterval: PACE,
    queryFn: async ({ signal }) => {
      const answer = await agentApi.agents(signal);
      if (!answer.ok) throw new Error(describeError(answer.error));
      const { agents, now } = answer.value;
      return agents.filter(({ seen_at }) => Date.parse(now) - Date.parse(seen_at) < AWAY_AFTER);
    },
  });
  return data;
}
