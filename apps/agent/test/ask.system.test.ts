import { createAskApi } from "@live-orders/client/ask-api";
import type { AnswerPart } from "@live-orders/protocol/http-ask";
import { problemSchema } from "@live-orders/protocol/problem";
import { freePort } from "@live-orders/embedded/free-port";
import { startApi, type ApiProcess } from "@live-orders/testkit/api-process";
import { eventually } from "@live-orders/testkit/eventually";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useAgentSetting } from "./agent-setting.ts";

const setting = useAgentSetting();
let port = 0;
let server: ApiProcess;
beforeAll(async () => {
  port = await freePort();
  server = await startApi({ DATABASE_URL: setting.databaseUrl, AGENT_URL: `http://127.0.0.1:${port}` });
}, 120_000);
afterAll(() => server.dispose());

const ask = () => createAskApi({ baseUrl: server.url });
const { signal } = new AbortController();

async function startAnswering() {
  const agent = setting.startAgent({ AGENT_PORT: String(port) });
  await eventually(async () => (await ask().answerer()).ok, { within: 60_000, every: 100 });
  return agent;
}

async function partsOf(question: string): Promise<AnswerPart[]> {
  const parts: AnswerPart[] = [];
  for await (const part of ask().ask({ question }, signal)) parts.push(part);
  return parts;
}

describe("a question by the server's API", () => {
  it("is answered by the agent, part by part, with who answers", async () => {
    const [order] = await setting.createOrders(3, "pending");
    await startAnswering();
    expect(await ask().answerer()).toEqual({ ok: true, value: { source: { kind: "grammar" } } });
    const parts = await partsOf("How many pending orders are there?");
    expect(parts.map(({ kind }) => kind)).toEqual(["source", "tool", "text", "text", "end"]);
    expect(parts[2]).toEqual({ kind: "text", text: "There are 3 pending orders" });
    const story = await partsOf(`where is order ${order?.id}`);
    expect(story).toContainEqual({ kind: "orders", orders: [expect.objectContaining({ id: order?.id })] });
    expect((await partsOf("Approve all drafts!")).at(-1)).toEqual({ kind: "end", outcome: "not-understood" });
  });

  it("says so when there is no agent, or it goes away", async () => {
    const agent = await startAnswering();
    await agent.kill("SIGKILL");
    const answer = await fetch(`${server.url}/api/agent/ask`);
    expect(answer.status).toBe(503);
    expect(problemSchema.parse(await answer.json()).type).toBe("urn:live-orders:agent-away");
    expect(await partsOf("who waits longest?")).toMatchObject([
      { kind: "failed", reason: expect.stringContaining("No agent answers questions") as string },
    ]);
  });

  it("fails in the answer when the agent can't read the orders", async () => {
    const agent = setting.startAgent({
      AGENT_PORT: String(port),
      LIVE_ORDERS_URL: "http://127.0.0.1:9",
    });
    await eventually(async () => (await ask().answerer()).ok, { within: 60_000, every: 100 });
    const last = (await partsOf("how many orders are there?")).at(-1);
    expect(last).toMatchObject({
      kind: "failed",
      reason: expect.stringMatching(/can.t be reached|cannot be reached/) as string,
    });
    await agent.kill("SIGKILL");
  });

  it.each([{}, { question: "" }, { question: "x".repeat(501) }, { question: "hi", time_zone: "Mars/Base" }])(
    "is refused if it is none: %j",
    async (body) => {
      const answer = await fetch(`${server.url}/api/agent/ask`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      expect(problemSchema.parse(await answer.json()).type).toBe("urn:live-orders:validation");
    },
  );
});

it("the agent itself answers this machine alone: no foreign page, no name that was made to point here", async () => {
  await startAnswering();
  const statusOf = (headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      request({ port, path: "/ask", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once("error", reject)
        .end();
    });
  expect(await statusOf({ Host: `127.0.0.1:${port}` })).toBe(200);
  expect(await statusOf({ Host: "orders.example.org" })).toBe(403);
  expect(await statusOf({ Host: `127.0.0.1:${port}`, Origin: "https://example.org" })).toBe(403);
});
