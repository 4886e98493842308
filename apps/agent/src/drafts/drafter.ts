import type { AgentMessage, DraftText } from "@live-orders/protocol/agent-message";

/** Why there is to be a message, and the order as it was then: data, whatever it says. */
export type DraftRequest = Pick<AgentMessage, "id" | "cause" | "order">;

export type Drafted =
  | {
      readonly kind: "draft";
      readonly content: DraftText;
      readonly made_by: NonNullable<AgentMessage["made_by"]>;
      /** What a reviewer should know of how the text came about. */
      readonly note?: string;
    }
  /** There is nothing to write. */
  | { readonly kind: "declined"; readonly reason: string };

/** The seam to whatever writes the texts. It has no way to send one, or to write an order. */
export interface Drafter {
  /** For people: `templates`, or a model's name. */
  readonly name: string;
  /**
   * How long another agent, which found the cause, may take for the text before this one writes it, in milliseconds.
   * Two that write at once cost twice, and one text is kept.
   */
  readonly patienceMs: number;
  /** How many texts are asked of it at once; what came of them is then kept. */
  readonly atOnce: number;
  /** Rejects if it may go better later. */
  draft(request: DraftRequest, signal: AbortSignal): Promise<Drafted>;
}
