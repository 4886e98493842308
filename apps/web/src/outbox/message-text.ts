import type { AgentMessage } from "@live-orders/protocol/agent-message";

/** The texts as plain text, to be put where a person sends them from. */
export const textOf = (messages: readonly AgentMessage[]): string =>
  messages
    .flatMap(({ order, content }) =>
      content === null ? [] : [`To: ${order.customer_name}\nSubject: ${content.subject}\n\n${content.text}`],
    )
    .join("\n\n---\n\n");
