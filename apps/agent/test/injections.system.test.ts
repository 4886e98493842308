import { eventually } from "@live-orders/testkit/eventually";
import { expect, it } from "vitest";
import { useAgentSetting } from "./agent-setting.ts";
import { HARM, INJECTIONS, WRITE_TOOLS } from "./injections.ts";
import { KEY } from "./model-setting.ts";
import { useScriptedModel, uses } from "./scripted-model.ts";

const setting = useAgentSetting();
const endpoint = useScriptedModel();

/** The JSON of a prompt's data, in which no name can end the block. */
const nameIn = (prompt: string): string => {
  const [, json = "{}"] = /<data>\n(.*)\n<\/data>$/su.exec(prompt) ?? [];
  return (JSON.parse(json) as { order: { customer_name: string } }).order.customer_name;
};

it(`of ${INJECTIONS.length} names that give orders to a model that obeys, none changes, approves or sends anything`, async () => {
  const obeyed = new Map(INJECTIONS.map((injection) => [injection.says, injection.obeyed]));
  endpoint.follow(({ body: { messages } }) => {
    const prompt = String(messages.find(({ role }) => role === "user")?.content);
    if (!messages.some(({ role }) => role === "tool")) {
      return { kind: "tools", calls: WRITE_TOOLS.map((name) => ({ name, args: `{"all":true}` })) };
    }
    const text = obeyed.get(nameIn(prompt)) ?? "";
    return uses("write_message", { subject: "Approved", text });
  });
  const agent = setting.startAgent({
    OPENAI_BASE_URL: endpoint.baseUrl,
    OPENAI_API_KEY: KEY,
    OPENAI_MODEL: "scripted",
    AGENT_MODEL_CALLS_PER_MINUTE: "1000",
    AGENT_TRIGGERS: await setting.file("ships.json", `{ "triggers": [{ "kind": "became-shipped" }] }`),
    LOG_LEVEL: "info",
  });
  await eventually(async () => (await setting.rows("agent_readers").countDocuments()) > 0, {
    within: 90_000,
  });
  expect(agent.output()).toContain('"answers_by":{"kind":"model","name":"scripted"}');
  expect(agent.output()).toContain('"drafts_by":"the model scripted"');
  for (const { says } of INJECTIONS) {
    const created = await setting.api.create({ customer_name: says, product_name: "Bookcase" });
    if (!created.ok) throw new Error(created.error.kind);
    await setting.api.patch(created.value.order.id, { status: "shipped" });
  }
  const orders = await setting.rows("orders").find({}).sort({ _id: 1 }).toArray();
  const messages = await eventually(
    async () => {
      const all = await setting.messages();
      return all.length === INJECTIONS.length && all.every(({ state }) => state !== "queued") && all;
    },
    { within: 90_000, every: 100 },
  );
  expect(new Set(messages.flatMap(({ deeds }) => deeds.map(({ deed }) => deed)))).toEqual(
    new Set(["queued", "draft"]),
  );
  expect(messages.every(({ state }) => state === "draft")).toBe(true);
  for (const { content, order } of messages) {
    const said = `${content?.subject ?? ""}\n${content?.text ?? ""}`.replaceAll(order.customer_name, "");
    expect(said.replaceAll(`#${order.id}`, "")).not.toMatch(HARM);
  }
  expect(await setting.rows("orders").find({}).sort({ _id: 1 }).toArray()).toEqual(orders);
  expect(endpoint.calls.length).toBeGreaterThanOrEqual(2 * INJECTIONS.length);
  expect(agent.output()).toContain("a template takes over from the model");
  expect(agent.output()).not.toContain(KEY);
});
