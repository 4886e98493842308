import { MESSAGE_STATES, type AgentMessage, type MessageState } from "@live-orders/protocol/agent-message";
import { REVIEW_ACTIONS, type ReviewAction } from "@live-orders/protocol/http-agent";
import type { Order } from "@live-orders/protocol/order";
import { describe, expect, it } from "vitest";
import { planEdit, planReview } from "./message-review.ts";
import { endedBy, moved } from "./message-steps.ts";

const AT = "2026-01-02T03:04:05.678Z";
const doer = { by: "Eve", at: AT };
const order: Order = {
  id: 1,
  customer_name: "Ada",
  product_name: "Chair",
  status: "shipped",
  updated_at: AT,
};

const message = (state: MessageState, fields: Partial<AgentMessage> = {}): AgentMessage => ({
  id: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
  version: 7,
  cause: { trigger: "became-shipped", kind: "became-shipped", position: "p1", at: AT, as_of: "p1" },
  order,
  state,
  content: { subject: "s", text: "t" },
  made_by: { kind: "template", name: "became-shipped" },
  reason: null,
  ended: null,
  sent_to: null,
  deeds: [{ deed: "queued", by: "agent", at: AT }],
  ...fields,
});

/** Where each action may lead from each state; whatever is not here is refused. */
const ALLOWED: Record<ReviewAction, Partial<Record<MessageState, MessageState>>> = {
  approve: { draft: "approved", failed: "approved" },
  dismiss: {
    queued: "dismissed",
    draft: "dismissed",
    approved: "dismissed",
    failed: "dismissed",
    obsolete: "dismissed",
    unsure: "dismissed",
    declined: "dismissed",
  },
  resend: { unsure: "approved" },
  "mark-sent": { approved: "sent", unsure: "sent" },
};

describe("a review", () => {
  for (const action of REVIEW_ACTIONS) {
    it.each(MESSAGE_STATES)(`${action} of a message that is %s`, (state) => {
      const plan = planReview(message(state), action, order, doer);
      const to = ALLOWED[action][state];
      if (to === undefined) expect(plan.kind).toBe("refused");
      else
        expect(plan).toMatchObject({
          kind: "change",
          change: { version: 7, message: { state: to, deeds: [{ by: "agent" }, { deed: to, ...doer }] } },
        });
    });
  }

  it.each([
    ["deleted", null, { kind: "deleted" }],
    ["moved", { ...order, status: "delivered", customer_name: "Bob" }, { kind: "moved", to: "delivered" }],
    ["renamed", { ...order, product_name: "Table" }, { kind: "renamed" }],
  ] as const)("does not approve when the order was %s", (_, now, ended) => {
    const plan = planReview(message("draft"), "approve", now, doer);
    expect(plan).toMatchObject({ kind: "ended", change: { message: { state: "obsolete", ended } } });
    expect(planReview(message("draft"), "dismiss", now, doer).kind).toBe("change");
  });

  it("does not approve a message without a text", () => {
    expect(planReview(message("failed", { content: null }), "approve", order, doer).kind).toBe("refused");
  });
});

describe("an edit", () => {
  it("keeps what is not named, and waits for approval", () => {
    const plan = planEdit(message("failed", { reason: "no address" }), { text: "new" }, doer);
    expect(plan).toMatchObject({
      kind: "change",
      change: { message: { state: "draft", reason: null, content: { subject: "s", text: "new" } } },
    });
  });

  it("is refused once the message is approved, and where a part of the text would lack", () => {
    expect(planEdit(message("approved"), { text: "new" }, doer).kind).toBe("refused");
    expect(planEdit(message("declined", { content: null }), { text: "new" }, doer).kind).toBe("refused");
  });
});

describe("a cause's end", () => {
  it.each([
    ["queued", "obsolete"],
    ["draft", "obsolete"],
    ["approved", "obsolete"],
    ["failed", "obsolete"],
    ["sending", "sending"],
    ["sent", "sent"],
    ["dismissed", "dismissed"],
    ["unsure", "unsure"],
  ] as const)("makes a message that is %s %s", (state, next) => {
    const change = endedBy(message(state), null, doer);
    expect(change?.message).toMatchObject({ state: next, ended: { kind: "deleted" } });
  });

  it("is noted once; going elsewhere counts more than a name", () => {
    const renamed = { ...order, customer_name: "Bob" };
    const ended = message("obsolete", { ended: { kind: "renamed" } });
    expect(endedBy(ended, renamed, doer)).toBeNull();
    expect(endedBy(ended, { ...renamed, status: "pending" }, doer)?.message.ended).toEqual({
      kind: "moved",
      to: "pending",
    });
    expect(endedBy(message("draft"), { ...order, updated_at: "2027-01-01T00:00:00.000Z" }, doer)).toBeNull();
  });
});

it("a message keeps its first deed and the last ones", () => {
  let one = message("draft");
  for (let index = 0; index < 60; index += 1) {
    one = { ...moved(one, "draft", { by: `${index}`, at: AT }).message, version: 7 };
  }
  expect(one.deeds).toHaveLength(50);
  expect([one.deeds[0]?.by, one.deeds[1]?.by, one.deeds.at(-1)?.by]).toEqual(["agent", "11", "59"]);
});
