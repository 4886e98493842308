import { problem } from "@live-orders/protocol/problem";
import { expect, it } from "vitest";
import { failureWord } from "./failure-word.ts";
import { orderAt } from "./fake-live.ts";

it("names the fields that both sides changed", () => {
  const base = orderAt(1, 1);
  const theirs = orderAt(1, 2, { customer_name: "B", status: "shipped" });
  const mine = { customer_name: "A", status: "delivered" } as const;
  expect(failureWord({ kind: "conflict", base, mine, theirs, madeAt: 0 })).toBe(
    "somebody else changed the customer and status meanwhile",
  );
  expect(failureWord({ kind: "conflict", base, mine: null, theirs, madeAt: 0 })).toBe(
    "somebody else changed it meanwhile",
  );
});

it("says what the server said, as the end of a sentence", () => {
  const refusal = problem("validation", { detail: "Orders may not ship today.", requestId: "1" });
  const error = { kind: "problem", problem: refusal, retryAfter: null } as const;
  expect(failureWord({ kind: "refused", error, mine: null })).toBe("orders may not ship today");
});
