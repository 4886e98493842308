import type { AnswerPart, AnswerSource, SpokenOrder } from "@live-orders/protocol/http-ask";

/** An answer as far as it has come. */
export interface AnswerState {
  readonly source: AnswerSource | null;
  /** Why another source took over; null if none did. */
  readonly why: string | null;
  readonly text: string;
  readonly orders: readonly SpokenOrder[];
  readonly end:
    | { readonly kind: "coming" }
    | { readonly kind: "answered" | "not-understood" }
    | { readonly kind: "failed"; readonly reason: string };
}

export const NO_ANSWER: AnswerState = {
  source: null,
  why: null,
  text: "",
  orders: [],
  end: { kind: "coming" },
};

/** Takes a part in; a later source makes all before it void. */
export function withPart(state: AnswerState, part: AnswerPart): AnswerState {
  switch (part.kind) {
    case "source":
      return { ...NO_ANSWER, source: part.source, why: part.why ?? null };
    case "text":
      return { ...state, text: state.text + part.text };
    case "orders":
      return { ...state, orders: merged(state.orders, part.orders) };
    case "tool":
      return state;
    case "end":
      return { ...state, end: { kind: part.outcome } };
    case "failed":
      return { ...state, end: { kind: "failed", reason: part.reason } };
  }
}

function merged(known: readonly SpokenOrder[], more: readonly SpokenOrder[]): SpokenOrder[] {
  const byId = new Map([...known, ...more].map((order) => [order.id, order]));
  return [...byId.values()];
}
