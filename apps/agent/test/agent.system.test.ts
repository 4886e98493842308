import { eventually } from "@live-orders/testkit/eventually";
import type { AgentMessage } from "@live-orders/protocol/agent-message";
import { describe, expect, it } from "vitest";
import { useAgentSetting } from "./agent-setting.ts";

const setting = useAgentSetting();

const TRIGGERS = JSON.stringify({
  triggers: [{ kind: "pending-too-long", after: "2s" }, { kind: "became-shipped" }],
});

/** An agent that has its place: what happens from now on reaches it. */
async function startWatching(env: Readonly<Record<string, string>> = {}) {
  const name = env["AGENT_NAME"] ?? "agent";
  const agent = setting.startAgent({ AGENT_TRIGGERS: await setting.file("triggers.json", TRIGGERS), ...env });
  await eventually(async () => (await setting.rows("agent_readers").countDocuments({ _id: name })) > 0, {
    within: 60_000,
  });
  return agent;
}

const messagesWhen = (isThere: (messages: readonly AgentMessage[]) => boolean) =>
  eventually(
    async () => {
      const messages = await setting.messages();
      return isThere(messages) && messages;
    },
    { within: 90_000, every: 50 },
  );

const ship = async (id: number): Promise<void> => {
  const answer = await setting.api.patch(id, { status: "shipped" });
  if (!answer.ok) throw new Error(answer.error.kind);
};

describe("the agent", () => {
  it("drafts a message for a ship, and marks it obsolete when the order goes elsewhere", async () => {
    await startWatching();
    const orders = await setting.createOrders(3, "delivered");
    for (const { id } of orders) await ship(id);
    const drafts = await messagesWhen((all) => all.filter(({ state }) => state === "draft").length === 3);
    expect(drafts[0]?.content?.text).toContain("Customer 0");
    const [moved, renamed, deleted] = orders.map(({ id }) => id);
    await setting.api.patch(moved ?? 0, { status: "delivered" });
    await setting.api.patch(renamed ?? 0, { customer_name: "Somebody Else" });
    await setting.api.remove(deleted ?? 0);
    const ended = await messagesWhen((all) => all.every(({ state }) => state === "obsolete"));
    expect(new Map(ended.map((message) => [message.order.id, message.reason]))).toEqual(
      new Map([
        [moved, "The order is delivered by now"],
        [renamed, "The order's customer or product has another name by now"],
        [deleted, "The order was deleted meanwhile"],
      ]),
    );
  });

  it("finds orders that were old when it started, as long as they are pending, once a stay", async () => {
    const [order] = await setting.createOrders(1, "pending");
    const id = order?.id ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    // Its age runs from when it came to be pending, not from its last change.
    await setting.api.patch(id, { product_name: "Another bookcase" });
    await startWatching();
    const [first] = await messagesWhen((all) => all.length === 1);
    const history = await setting.api.history(id);
    const created = history.ok ? history.value.changes.at(-1) : undefined;
    expect(first?.cause).toMatchObject({
      trigger: "pending-too-long",
      position: created?.position,
      at: created?.at,
    });
    await ship(id);
    await messagesWhen((all) =>
      all.some(({ state, ended }) => state === "obsolete" && ended?.kind === "moved"),
    );
    await setting.api.patch(id, { status: "pending" });
    const again = await messagesWhen(
      (all) => all.filter(({ cause }) => cause.trigger === "pending-too-long").length === 2,
    );
    expect(new Set(again.map(({ cause }) => cause.position)).size).toBe(again.length);
  });

  it("makes one draft a cause, however many agents watch", async () => {
    await Promise.all(["one", "two", "three"].map((name) => startWatching({ AGENT_NAME: name })));
    const orders = await setting.createOrders(60, "delivered");
    await Promise.all(orders.map(({ id }) => ship(id)));
    const drafts = await messagesWhen((all) => all.filter(({ state }) => state === "draft").length >= 60);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await setting.messages()).map(({ order }) => order.id).sort()).toEqual(
      orders.map(({ id }) => id).sort(),
    );
    expect(drafts).toHaveLength(60);
  });

  it("misses nothing that happened while it was down, and does nothing twice from an older place", async () => {
    const agent = await startWatching();
    const orders = await setting.createOrders(20, "delivered");
    const place = await setting.rows("agent_readers").findOne({ _id: "agent" });
    for (const { id } of orders.slice(0, 10)) await ship(id);
    await messagesWhen((all) => all.length === 10);
    await agent.kill("SIGKILL");
    for (const { id } of orders.slice(10)) await ship(id);
    await setting
      .rows("agent_readers")
      .updateOne({ _id: "agent" }, { $set: { cursor: place?.["cursor"] as string } });
    setting.startAgent({ AGENT_TRIGGERS: await setting.file("triggers.json", TRIGGERS) });
    await messagesWhen((all) => all.length >= 20);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await setting.messages()).toHaveLength(20);
  });

  it("looks for what it missed when its place is gone", async () => {
    const agent = await startWatching();
    const orders = await setting.createOrders(5, "delivered");
    const [first, ...others] = orders.map(({ id }) => id);
    await ship(first ?? 0);
    await messagesWhen((all) => all.length === 1);
    await agent.kill("SIGKILL");
    for (const id of others) await ship(id);
    await setting.createOrders(1, "shipped");
    await setting.rows("agent_readers").deleteMany({});
    await startWatching();
    const found = await messagesWhen((all) => all.length >= 5);
    expect(found.map(({ order }) => order.id).sort()).toEqual(orders.map(({ id }) => id).sort());
  });

  it("ends by a signal, and says in one line what is wrong with its settings", async () => {
    const agent = await startWatching();
    expect(await agent.kill("SIGTERM")).toBe(0);
    const wrong = setting.startAgent({
      AGENT_TRIGGERS: await setting.file("wrong.json", `{ "triggers": [{ "kind": "became-lost" }] }`),
    });
    expect(await wrong.end).toBe(1);
    expect(wrong.output()).toMatch(
      /^The agent can't start\. AGENT_TRIGGERS: .*wrong\.json: .*became-shipped.*\n$/,
    );
    const nowhere = setting.startAgent({ DATABASE_URL: "mongodb://127.0.0.1:9/?replicaSet=none" });
    expect(await nowhere.end).toBe(1);
    expect(nowhere.output()).toMatch(/^The agent can't start\. MongoDB can't be reached: .*\n$/);
  });
});
