import type { AgentMessage } from "@live-orders/protocol/agent-message";
import { reviewBodySchema, type ReviewAction, type ReviewAnswer } from "@live-orders/protocol/http-agent";
import { MAX_BODY } from "@live-orders/protocol/http-orders";
import { PROBLEMS, type ProblemSlug } from "@live-orders/protocol/problem";
import { planReview, type ReviewPlan } from "@live-orders/store/message-review";
import type { MessageStore } from "@live-orders/store/message-store";
import type { Doer } from "@live-orders/store/message-steps";
import type { OrderStore } from "@live-orders/store/order-store";
import type { RequestHandler } from "express";
import { problemBody } from "../http/answer-problem.ts";
import { readBody } from "../http/body.ts";
import { inTime } from "../http/deadline.ts";
import { NO_QUERY } from "../http/no-query.ts";
import { readQuery } from "../http/query.ts";
import { requestIdOf } from "../http/request-id.ts";
import { CHANGED_MEANWHILE } from "./messages-routes.ts";

type Result = ReviewAnswer["results"][number];

interface Asked {
  readonly id: string;
  readonly version: number;
}

/** What became of one: the message as it was, if it is there, and what is to be done with it. */
interface Planned {
  readonly asked: Asked;
  readonly message: AgentMessage | null;
  readonly plan: ReviewPlan;
}

const WIDTH = 8;

/**
 * `POST /api/agent/messages/review`: one or many, each with its own result. What is to go out is held against its order
 * as it stands: a message whose cause holds no more becomes obsolete instead.
 */
export function reviewMessages(messages: MessageStore, orders: OrderStore): RequestHandler {
  return async (request, response) => {
    readQuery(request, NO_QUERY);
    const { action, by, messages: asked } = await readBody(request, reviewBodySchema, MAX_BODY.single);
    const doer = { by, at: new Date().toISOString() };
    const planned: Planned[] = [];
    for (let start = 0; start < asked.length; start += WIDTH) {
      const part = asked.slice(start, start + WIDTH);
      planned.push(...(await Promise.all(part.map((one) => plan(messages, orders, one, action, doer)))));
    }
    const changes = planned.flatMap((one) => (one.plan.kind === "refused" ? [] : [one.plan.change]));
    const written = await inTime(messages.replace(changes));
    const byId = new Map(written.flatMap((message) => (message === null ? [] : [[message.id, message]])));
    const requestId = requestIdOf(request);
    const results = planned.map((one) => resultOf(one, byId.get(one.asked.id) ?? null, requestId));
    response.json({ results } satisfies ReviewAnswer);
  };
}

async function plan(
  messages: MessageStore,
  orders: OrderStore,
  asked: Asked,
  action: ReviewAction,
  doer: Doer,
): Promise<Planned> {
  const message = await inTime(messages.get(asked.id));
  if (message === null) return { asked, message, plan: { kind: "refused", why: "There is no such message" } };
  if (message.version !== asked.version) {
    return { asked, message, plan: { kind: "refused", why: CHANGED_MEANWHILE } };
  }
  const { order } = await inTime(orders.get(message.order.id));
  return { asked, message, plan: planReview(message, action, order, doer) };
}

function resultOf({ message, plan }: Planned, written: AgentMessage | null, requestId: string): Result {
  const failed = (slug: ProblemSlug, detail: string, standing: AgentMessage | null): Result => ({
    status: PROBLEMS[slug].status,
    ...(standing !== null && { message: standing }),
    problem: problemBody(slug, { detail }, requestId),
  });
  if (message === null) return failed("not-found", "There is no such message", null);
  if (plan.kind === "refused") return failed("stale", plan.why, message);
  if (written === null) return failed("stale", CHANGED_MEANWHILE, message);
  if (plan.kind === "ended") return failed("stale", plan.why, written);
  return { status: 200, message: written };
}
