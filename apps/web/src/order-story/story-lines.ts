import type { AgentMessage } from "@live-orders/protocol/agent-message";
import type { StoryEntry } from "./story-entries.ts";

/** A line of an order's timeline: what became of the order, or what the agent wrote about it. */
export type StoryLine = StoryEntry | MessageLine;

interface MessageLine {
  readonly kind: "message";
  /** When it was queued, in ms since 1970. */
  readonly at: number;
  readonly message: AgentMessage;
}

/** Both, the newest first. Changes keep their order, which is that of the commits. */
export function withMessages(
  entries: readonly StoryEntry[],
  messages: readonly AgentMessage[],
): readonly StoryLine[] {
  const waiting = messages
    .map((message): MessageLine => ({ kind: "message", at: queuedAt(message), message }))
    .sort((a, b) => b.at - a.at);
  const lines: StoryLine[] = [];
  for (const entry of entries) {
    while (waiting[0] !== undefined && waiting[0].at >= entry.at) lines.push(...waiting.splice(0, 1));
    lines.push(entry);
  }
  return [...lines, ...waiting];
}

export const queuedAt = ({ deeds, cause }: AgentMessage): number => Date.parse(deeds[0]?.at ?? cause.at);
