import { expect, it } from "vitest";
import type { AgentMessage } from "@live-orders/protocol/agent-message";
import type { StoryEntry } from "./story-entries.ts";
import { withMessages } from "./story-lines.ts";

const entry = (position: string, at: number): StoryEntry => ({
  kind: "change",
  position,
  at,
  deed: { kind: "touched" },
  then: null,
  stay: null,
});

const message = (id: string, at: number): AgentMessage => ({
  id,
  version: 1,
  cause: { trigger: "t", kind: "became-shipped", position: "p", at: new Date(0).toISOString(), as_of: "p" },
  order: {
    id: 1,
    customer_name: "a",
    product_name: "b",
    status: "shipped",
    updated_at: new Date(0).toISOString(),
  },
  state: "draft",
  content: null,
  made_by: null,
  reason: null,
  ended: null,
  sent_to: null,
  deeds: [{ deed: "queued", by: "agent", at: new Date(at).toISOString() }],
});

it("a message stands above the change before it; changes stay in their order, whatever their clocks say", () => {
  const lines = withMessages(
    [entry("c", 300), entry("b", 310), entry("a", 100)],
    [message("late", 500), message("between", 200), message("first", 50)],
  );
  const names = lines.map((line) => (line.kind === "message" ? line.message.id : line.position));
  expect(names).toEqual(["late", "c", "b", "between", "a", "first"]);
});
