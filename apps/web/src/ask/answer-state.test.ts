import type { AnswerPart } from "@live-orders/protocol/http-ask";
import { expect, it } from "vitest";
import { NO_ANSWER, withPart } from "./answer-state.ts";

const order = (id: number) => ({
  id,
  customer_name: "Ada",
  product_name: "Chair",
  status: "pending" as const,
});
const after = (...parts: readonly AnswerPart[]) => parts.reduce(withPart, NO_ANSWER);

it("an answer grows by its parts, and names each order once", () => {
  expect(
    after(
      { kind: "source", source: { kind: "grammar" } },
      { kind: "tool", name: "find_orders" },
      { kind: "text", text: "Two " },
      { kind: "orders", orders: [order(1), order(2)] },
      { kind: "text", text: "orders." },
      { kind: "orders", orders: [order(2)] },
      { kind: "end", outcome: "answered" },
    ),
  ).toEqual({
    source: { kind: "grammar" },
    why: null,
    text: "Two orders.",
    orders: [order(1), order(2)],
    end: { kind: "answered" },
  });
});

it("what one source said is void when another takes over", () => {
  const state = after(
    { kind: "source", source: { kind: "model", name: "m" } },
    { kind: "text", text: "Perhaps 7" },
    { kind: "orders", orders: [order(1)] },
    { kind: "source", source: { kind: "grammar" }, why: "the model does not answer" },
    { kind: "text", text: "6 orders." },
  );
  expect(state).toMatchObject({ text: "6 orders.", orders: [], why: "the model does not answer" });
});
