import { createAgentApi, type AgentApi, type MessageListQuery } from "@live-orders/client/agent-api";
import { systemClock } from "@live-orders/client/clock";
import { useEffect, useState, useSyncExternalStore } from "react";
import { MessageBoard, type BoardState } from "./message-board.ts";
import { openMessageStream } from "./message-stream.ts";

export const agentApi: AgentApi = createAgentApi();

/** The messages of a query for as long as they are shown. The query stays the same: another has another component. */
export function useMessageBoard(query: Pick<MessageListQuery, "states" | "order">): {
  readonly board: MessageBoard;
  readonly state: BoardState;
} {
  const [board] = useState(
    () => new MessageBoard({ api: agentApi, query, openStream: openMessageStream, clock: systemClock }),
  );
  useEffect(() => board.start(), [board]);
  const state = useSyncExternalStore(
    (listener) => board.subscribe(listener),
    () => board.state(),
  );
  return { board, state };
}
