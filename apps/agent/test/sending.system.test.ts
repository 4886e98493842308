import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createAgentApi } from "@live-orders/client/agent-api";
import type { AgentMessage, MessageState } from "@live-orders/protocol/agent-message";
import type { ReviewAction } from "@live-orders/protocol/http-agent";
import { eventually } from "@live-orders/testkit/eventually";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { useAgentSetting } from "./agent-setting.ts";

const setting = useAgentSetting();

interface Received {
  readonly to: string;
  readonly text: string;
}

/** Called when a whole mail has come, before the server answers it. */
type Answer = (received: Received) => Promise<Error | null>;

let server: SMTPServer;
let received: Received[];
let answer: Answer;

beforeEach(async () => {
  received = [];
  answer = () => Promise.resolve(null);
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    logger: false,
    onData: (stream, session, done) => {
      void text(stream).then(async (content) => {
        const mail = { to: session.envelope.rcptTo.map(({ address }) => address).join(), text: content };
        received.push(mail);
        done(await answer(mail));
      });
    },
  });
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
});
afterEach(async () => {
  await new Promise<void>((resolve) => {
    server.close(resolve);
  });
});

const SHIPS = JSON.stringify({ triggers: [{ kind: "became-shipped" }] });

async function startSending(triggers = SHIPS, env: Readonly<Record<string, string>> = {}) {
  const customers = Array.from({ length: 24 }, (_, index) => `Customer ${index},c${index}@example.org`);
  const { port } = server.server.address() as AddressInfo;
  const agent = setting.startAgent({
    AGENT_TRIGGERS: await setting.file("triggers.json", triggers),
    AGENT_CONTACTS: await setting.file("contacts.csv", ["customer_name,address", ...customers].join("\n")),
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: "Shop <shop@example.org>",
    SMTP_TIMEOUT_SECONDS: "2",
    ...env,
  });
  const name = env["AGENT_NAME"] ?? "agent";
  await eventually(async () => (await setting.rows("agent_readers").countDocuments({ _id: name })) > 0, {
    within: 60_000,
  });
  return agent;
}

/** So many drafts of ships. */
async function makeDrafts(count: number): Promise<AgentMessage[]> {
  const orders = await setting.createOrders(count, "delivered");
  await setting.api.bulk(
    orders.map(({ id }) => ({ op: "patch" as const, id, order: { status: "shipped" as const } })),
  );
  return inState("draft", count);
}

const inState = (state: MessageState, count: number): Promise<AgentMessage[]> =>
  eventually(
    async () => {
      const found = (await setting.messages()).filter((message) => message.state === state);
      return found.length === count && found;
    },
    { within: 90_000, every: 50 },
  );

async function review(action: ReviewAction, messages: readonly AgentMessage[]): Promise<void> {
  const answered = await createAgentApi({ baseUrl: setting.server.url }).review(action, messages, "Eve");
  expect(answered.ok && answered.value.results.map(({ status }) => status)).toEqual(messages.map(() => 200));
}

describe("sending", () => {
  it("takes each approved message to its customer once, with two agents, and nothing else", async () => {
    await startSending();
    await startSending(SHIPS, { AGENT_NAME: "second" });
    const drafts = await makeDrafts(24);
    await review("approve", drafts.slice(0, 20));
    const sent = await inState("sent", 20);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const addresses = drafts.slice(0, 20).map(({ order }) => order.customer_name.replace("Customer ", "c"));
    expect(received.map(({ to }) => to).sort()).toEqual(
      addresses.map((name) => `${name}@example.org`).sort(),
    );
    const [first] = sent;
    const mail = received.find(({ to }) => to === first?.sent_to);
    expect(mail?.text).toContain(`Message-ID: <${first?.id ?? ""}@live-orders>`);
    expect(mail?.text).toContain(`Subject: ${first?.content?.subject ?? ""}`);
    expect(first?.deeds.map(({ deed }) => deed)).toEqual(["queued", "draft", "approved", "sending", "sent"]);
    await inState("draft", 4);
  });

  it("killed between the mail and its record, says unsure and sends it again only when told to", async () => {
    const agent = await startSending();
    const drafts = await makeDrafts(3);
    const killing = new AbortController();
    answer = async () => {
      await agent.kill("SIGKILL");
      killing.abort();
      return null;
    };
    await review("approve", drafts);
    await eventually(() => killing.signal.aborted, { within: 30_000 });
    expect(received).toHaveLength(1);
    answer = () => Promise.resolve(null);
    await startSending();
    const unsure = await inState("unsure", 1);
    await inState("sent", 2);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(received).toHaveLength(3);
    await review("resend", unsure);
    await inState("sent", 3);
    expect(received.filter(({ to }) => to === unsure[0]?.sent_to)).toHaveLength(2);
  });

  it("says why a mail has surely not left: refused, no address; and that one may have, without an answer", async () => {
    await startSending();
    const drafts = await makeDrafts(25);
    const [refused, silent] = drafts;
    answer = ({ to }) => {
      if (to === "c0@example.org") return Promise.resolve(new Error("no such customer"));
      return to === "c1@example.org" ? new Promise(() => undefined) : Promise.resolve(null);
    };
    const unknown = drafts.filter(({ order }) => order.customer_name === "Customer 24");
    await review(
      "approve",
      [refused, silent, ...unknown].flatMap((one) => one ?? []),
    );
    const failed = await inState("failed", 2);
    const reasons = new Map(failed.map(({ order, reason }) => [order.customer_name, reason]));
    expect(reasons.get("Customer 0")).toContain("no such customer");
    expect(reasons.get("Customer 24")).toBe("The contacts have no address for this customer");
    const [unsure] = await inState("unsure", 1);
    expect(unsure?.order.customer_name).toBe("Customer 1");
    expect(received.filter(({ to }) => to === "c1@example.org")).toHaveLength(1);
  });

  it("sends by itself for a trigger that may, but not what is obsolete", async () => {
    await startSending(JSON.stringify({ triggers: [{ kind: "became-shipped", auto_send: true }] }));
    const [first, second] = await setting.createOrders(2, "delivered");
    await setting.api.patch(first?.id ?? 0, { status: "shipped" });
    await inState("sent", 1);
    await setting.api.bulk([
      { op: "patch", id: second?.id ?? 0, order: { status: "shipped" } },
      { op: "patch", id: second?.id ?? 0, order: { status: "pending" } },
    ]);
    await inState("obsolete", 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(received.map(({ to }) => to)).toEqual(["c0@example.org"]);
  });

  it("does not start half set up", async () => {
    const files = {
      AGENT_TRIGGERS: await setting.file(
        "auto.json",
        `{ "triggers": [{ "kind": "became-shipped", "auto_send": true }] }`,
      ),
    };
    const agents = [
      [files, /became-shipped has auto_send, which needs SMTP_URL/],
      [{ SMTP_URL: "smtp://127.0.0.1:9" }, /SMTP_URL needs MAIL_FROM/],
      [{ SMTP_URL: "smtp://127.0.0.1:9", MAIL_FROM: "a@b" }, /SMTP_URL needs AGENT_CONTACTS/],
      [{ SMTP_URL: "http://127.0.0.1:9" }, /SMTP_URL is not valid/],
    ] as const;
    for (const [env, line] of agents) {
      const agent = setting.startAgent(env);
      expect(await agent.end).toBe(1);
      expect(agent.output()).toMatch(line);
    }
  });
});
