import { once } from "node:events";
import { answererSchema, questionSchema } from "@live-orders/protocol/http-ask";
import { MAX_BODY } from "@live-orders/protocol/http-orders";
import type { RequestHandler, Response as Answer } from "express";
import { readBody } from "../http/body.ts";
import { NO_QUERY } from "../http/no-query.ts";
import { ProblemError } from "../http/problem-error.ts";
import { readQuery } from "../http/query.ts";

/** How long the agent may take to answer at all, in milliseconds. */
const HEAD_LIMIT_MS = 4_000;

/** `GET /api/agent/ask`: what answers, by asking the agent. */
export function tellAnswerer(agentUrl: string): RequestHandler {
  return async (request, response) => {
    readQuery(request, NO_QUERY);
    const answer = await reach(agentUrl, {}, new AbortController().signal);
    const told = answererSchema.safeParse(await answer.json().catch(() => null));
    if (!told.success) throw away("what listens at AGENT_URL is no agent");
    response.json(told.data);
  };
}

/** `POST /api/agent/ask`: hands the question on, and the parts of the answer back as they come. */
export function askAgent(agentUrl: string): RequestHandler {
  return async (request, response) => {
    readQuery(request, NO_QUERY);
    const question = await readBody(request, questionSchema, MAX_BODY.single);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const init = {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(question),
    };
    const answer = await reach(agentUrl, init, gone.signal);
    response.writeHead(200, {
      "Content-Type": "application/x-ndjson; charset=utf-8",
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    });
    await passOn(answer, response, gone.signal);
  };
}

/** @throws ProblemError `agent-away`, `rate-limited` */
async function reach(agentUrl: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), HEAD_LIMIT_MS);
  try {
    const answer = await fetch(new URL("/ask", agentUrl), {
      ...init,
      signal: AbortSignal.any([signal, late.signal]),
    });
    if (answer.status === 429) {
      throw new ProblemError("rate-limited", { detail: "The agent has too many questions to answer" });
    }
    if (!answer.ok) throw away(`it answered ${answer.status}`);
    return answer;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw away("it can't be reached");
  } finally {
    clearTimeout(timer);
  }
}

const away = (why: string): ProblemError =>
  new ProblemError("agent-away", {
    detail: `No agent answers questions (${why}): \`npx -y pnpm@10 agent\` starts one`,
  });

/** A reader that is slow slows the agent. What the agent breaks off ends here, too, without a last part. */
async function passOn(answer: Response, response: Answer, signal: AbortSignal): Promise<void> {
  try {
    for await (const chunk of answer.body ?? []) {
      if (!response.write(chunk)) await once(response, "drain", { signal });
    }
  } catch {
    // The reader is gone, or the agent is: an answer without its last part says so.
  } finally {
    response.end();
  }
}
