import type { CountingAgent } from "./counting-agent.ts";
import type { Tally } from "./tally.ts";

export const TRANSPORTS = ["socket-io", "sse", "long-poll", "poll", "table-poll"] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export interface ReaderParts {
  readonly url: string;
  readonly agent: CountingAgent;
  readonly tally: Tally;
}

/** A reader of all statuses; `close` ends it at once. */
export interface Reader {
  readonly close: () => void;
}

/** Resolves when the reader follows the feed. */
export type OpenReader = (parts: ReaderParts) => Promise<Reader>;
