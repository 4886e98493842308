import type { MessageCause } from "@live-orders/protocol/agent-message";
import type { Order } from "@live-orders/protocol/order";
import { describe, expect, it } from "vitest";
import type { Drafted } from "../src/drafts/drafter.ts";
import { modelDrafter } from "../src/drafts/model-drafter.ts";
import { templateDrafter } from "../src/drafts/template-drafter.ts";
import type { ModelConfig } from "../src/model/open-model.ts";
import { KEY, modelAt } from "./model-setting.ts";
import { says, useScriptedModel, uses, type Reply } from "./scripted-model.ts";

const endpoint = useScriptedModel();

const ORDER: Order = {
  id: 1234,
  customer_name: "Claire Gute",
  product_name: "Xerox 1967",
  status: "shipped",
  updated_at: "2026-11-20T09:30:00.000Z",
};
const CAUSE: MessageCause = {
  trigger: "became-shipped",
  kind: "became-shipped",
  position: "p1",
  at: ORDER.updated_at,
  as_of: "p1",
};
const TEXT = "Hello Claire Gute,\n\nyour order #1234 (Xerox 1967) was shipped on 2026-11-20.";
const GOOD = uses("write_message", { subject: "Your order #1234", text: TEXT });
const write = (text: string, subject = "Your order"): Reply => uses("write_message", { subject, text });

const NO_HISTORY = {
  ok: true,
  value: { changes: [], next: null, since: null, position: "p1" },
} as const;

function setting(config: Partial<ModelConfig> = {}, unread: readonly string[] = []) {
  const { model, log, ...logged } = modelAt(endpoint.baseUrl, config);
  const drafter = modelDrafter({
    model,
    api: { history: () => Promise.resolve({ ...NO_HISTORY, value: { ...NO_HISTORY.value, changes: [] } }) },
    templates: templateDrafter,
    unread: new Set(unread),
    log,
  });
  let drafts = 0;
  const draft = (order: Order = ORDER): Promise<Drafted> => {
    drafts += 1;
    const id = `00000000-0000-4000-8000-${String(drafts).padStart(12, "0")}`;
    return drafter.draft({ id, cause: CAUSE, order }, new AbortController().signal);
  };
  return { draft, lines: () => logged.lines() };
}

const byTemplate = (why: string) => ({
  kind: "draft",
  made_by: { kind: "template", name: "became-shipped" },
  note: `By the template. ${why}.`,
});

describe("drafts by a model", () => {
  it("come from its tool, after what it read", async () => {
    endpoint.follow((_seen, call) => (call === 0 ? uses("order_story") : GOOD));
    const { draft, lines } = setting();
    expect(await draft()).toEqual({
      kind: "draft",
      content: { subject: "Your order #1234", text: TEXT },
      made_by: { kind: "model", name: "scripted" },
    });
    expect(endpoint.calls.map(({ authorization }) => authorization)).toEqual([
      `Bearer ${KEY}`,
      `Bearer ${KEY}`,
    ]);
    const told = lines().filter(({ msg }) => msg === "the model was called");
    expect(told).toMatchObject([
      {
        cause: { trigger: "became-shipped", order: 1234 },
        step: 1,
        tools: ["order_story"],
        tokens: 100,
        outcome: "answered",
      },
      { step: 2, tools: ["write_message"], tokens: 100, outcome: "answered" },
    ]);
    expect(JSON.stringify(lines())).not.toContain(KEY);
  });

  it("may be declined, with a reason", async () => {
    endpoint.follow(() => uses("decline", { reason: "The name is no name" }));
    expect(await setting().draft()).toEqual({
      kind: "declined",
      reason: "The model declined: The name is no name",
    });
  });

  it.each<[string, Reply, string]>([
    ["500", { kind: "status", status: 500 }, "The model's endpoint answers with an error (500)"],
    ["401", { kind: "status", status: 401 }, "The model's endpoint answers with an error (401)"],
    ["429", { kind: "status", status: 429 }, "The model is overloaded (429)"],
    [
      "429 for long",
      { kind: "status", status: 429, headers: { "retry-after": "3600" } },
      "The model is overloaded (429)",
    ],
    [
      "a redirect",
      { kind: "status", status: 302, headers: { location: "http://127.0.0.1:9/" } },
      "The model can't be reached",
    ],
    ["no answer", { kind: "hang" }, "The model took longer than 2 seconds"],
    ["a stall", { kind: "stall", text: "Let me" }, "The model took longer than 2 seconds"],
    ["a cut", { kind: "cut", text: "Let me" }, "The model's answer was broken"],
    ["no end", { kind: "unfinished", text: "Let me" }, "The model's answer was broken"],
    [
      "no JSON",
      { kind: "raw", body: "data: {not json\n\ndata: [DONE]\n\n" },
      "The model's answer was broken",
    ],
    [
      "a page",
      { kind: "raw", body: "<html>Welcome</html>", type: "text/html" },
      "The model's answer was broken",
    ],
    ["nothing", { kind: "raw", body: "" }, "The model's answer was broken"],
    ["an empty answer", says(""), "The model wrote no text of the right form"],
    ["mere talk", says(TEXT), "The model wrote no text of the right form"],
    ["too much", { kind: "flood" }, "The model's answer was too long"],
    ["an end by length", { kind: "length", text: "Hello" }, "The model's answer was too long"],
    ["tools without end", uses("order_story"), "The model came to no end within 4 steps"],
    [
      "an unknown tool, again and again",
      uses("approve_message", { all: true }),
      "The model came to no end within 4 steps",
    ],
    [
      "arguments that are not JSON",
      { kind: "tools", calls: [{ name: "write_message", args: "{not json" }] },
      "The model came to no end within 4 steps",
    ],
    [
      "arguments of another form",
      uses("write_message", { body: "Hello" }),
      "The model came to no end within 4 steps",
    ],
    ["an empty text", write("   "), "The model wrote no text of the right form"],
    ["a huge text", write("Hello. ".repeat(900)), "The model wrote no text of the right form"],
    ["control characters", write("Hello \u001b[2J"), "The model wrote no text of the right form"],
    [
      "a link",
      write("See https://evil.example/pay"),
      "The model's text had a link or an address that is not in the data",
    ],
    [
      "an approval",
      write("Your order #1234 was approved"),
      "The model's text told of something that is not in the data",
    ],
    [
      "a number",
      write("Your order #1234 has a discount of 500 dollars"),
      "The model's text had a number that is not in the data",
    ],
  ])("%s: the template takes over within the limit, and says so", async (_name, reply, why) => {
    endpoint.follow(() => reply);
    const { draft, lines } = setting();
    expect(await draft()).toMatchObject(byTemplate(why));
    expect(JSON.stringify(lines())).not.toMatch(/sk-|evil\.example/);
  });

  it("come all the same after errors that pass, and after calls of tools that do not exist", async () => {
    const replies: readonly Reply[] = [
      { kind: "status", status: 503 },
      { kind: "status", status: 429, headers: { "retry-after": "0" } },
      uses("send_message"),
      { kind: "tools", calls: [{ name: "order_story", args: "{" }] },
      GOOD,
    ];
    endpoint.follow((_seen, call) => replies[call] ?? GOOD);
    expect(await setting({ limitMs: 10_000 }).draft()).toMatchObject({ made_by: { kind: "model" } });
    expect(endpoint.calls).toHaveLength(5);
  });

  it("leave a model alone that fails, and take it up again", async () => {
    endpoint.follow(() => ({ kind: "status", status: 400 }));
    const { draft } = setting();
    for (let times = 0; times < 3; times += 1) await draft();
    expect(await draft()).toMatchObject(
      byTemplate("The model failed several times, and is left alone for a while"),
    );
    expect(endpoint.calls).toHaveLength(3);
  });

  it("keep to the calls a minute and the tokens a day", async () => {
    endpoint.follow(() => GOOD);
    const few = setting({ callsPerMinute: 2 });
    await few.draft();
    await few.draft();
    expect(await few.draft()).toMatchObject(byTemplate("The model may be called 2 times a minute"));
    expect(endpoint.calls).toHaveLength(2);
    expect(await setting({ tokensPerDay: 100 }).draft()).toMatchObject(
      byTemplate("The model may use 100 tokens a day"),
    );
    expect(endpoint.calls).toHaveLength(2);
  });

  it("are not made for a trigger whose texts nobody reads before they leave", async () => {
    const drafted = await setting({}, ["became-shipped"]).draft();
    expect(drafted).toMatchObject({ made_by: { kind: "template" } });
    expect(endpoint.calls).toHaveLength(0);
  });
});
