import { questionSchema, type AnswerPart } from "@live-orders/protocol/http-ask";
import { describe, expect, it } from "vitest";
import type { ModelConfig } from "../src/model/open-model.ts";
import { grammarAnswerer } from "../src/questions/grammar-answerer.ts";
import { modelAnswerer } from "../src/questions/model-answerer.ts";
import { readTools } from "../src/tools/read-tools.ts";
import { useAgentSetting } from "./agent-setting.ts";
import { HARM, INJECTIONS, WRITE_TOOLS } from "./injections.ts";
import { KEY, modelAt } from "./model-setting.ts";
import { says, useScriptedModel, uses, type Reply } from "./scripted-model.ts";

const setting = useAgentSetting();
const endpoint = useScriptedModel();

const MODEL = { kind: "model", name: "scripted" };

interface Heard {
  readonly parts: readonly AnswerPart[];
  /** What the last source said. */
  readonly text: string;
  readonly source: Extract<AnswerPart, { kind: "source" }> | undefined;
  readonly end: AnswerPart | undefined;
  readonly ids: readonly number[];
  readonly logged: string;
}

/** Follows an answer as the page does: a later source makes all before it void. */
async function ask(text: string, config: Partial<ModelConfig> = {}): Promise<Heard> {
  const { model, ...logged } = modelAt(endpoint.baseUrl, config);
  const tools = readTools(setting.api);
  const answerer = modelAnswerer({ model, tools, grammar: grammarAnswerer(tools), now: Date.now });
  const all: AnswerPart[] = [];
  for await (const part of answerer.answer(
    questionSchema.parse({ question: text }),
    new AbortController().signal,
  )) {
    all.push(part);
  }
  const begun = all.findLastIndex(({ kind }) => kind === "source");
  const parts = all.slice(begun);
  return {
    parts: all,
    text: parts.map((part) => (part.kind === "text" ? part.text : "")).join(""),
    source: parts.find((part) => part.kind === "source"),
    end: parts.at(-1),
    ids: parts.flatMap((part) => (part.kind === "orders" ? part.orders.map(({ id }) => id) : [])),
    logged: JSON.stringify(logged.lines()),
  };
}

const COUNT = uses("count_orders", {});
/** Reads first, then does as it is told. */
const afterCount =
  (reply: Reply) =>
  (_seen: unknown, call: number): Reply =>
    call === 0 ? COUNT : reply;

const ended = (outcome: string) => ({ kind: "end", outcome });

describe("answers by a model", () => {
  it("stream, with numbers that tools gave, and with the orders that they speak of", async () => {
    const orders = await setting.createOrders(7, "shipped");
    const [first] = orders;
    const id = first?.id ?? 0;
    endpoint.follow((_seen, call) => {
      if (call === 0) return uses("count_orders", { status: ["shipped"] });
      if (call === 1) return uses("order_history", { id });
      return says(`There are 7 shipped orders.\nOne of them is #${id}, of "Customer 0". Its story is short.`);
    });
    const heard = await ask("How many orders are shipped?");
    expect(heard.text).toBe(
      `There are 7 shipped orders.\nOne of them is #${id}, of "Customer 0". Its story is short.`,
    );
    expect(heard.source?.source).toEqual(MODEL);
    expect(heard.ids).toEqual([id]);
    expect(heard.end).toEqual(ended("answered"));
    expect(heard.parts.filter(({ kind }) => kind === "text").length).toBeGreaterThan(1);
    expect(heard.parts.flatMap((part) => (part.kind === "tool" ? part.name : []))).toEqual([
      "count_orders",
      "order_history",
    ]);
    expect(heard.logged).toContain('"tools":["count_orders"],"tokens":100');
    expect(heard.logged).not.toContain(KEY);
  });

  it.each<[string, Reply, string]>([
    [
      "a number that no tool gave",
      says("There are 41 shipped orders."),
      "had a number that none of its tools gave",
    ],
    [
      "a number in words",
      says("There are forty-one shipped orders."),
      "had a number that none of its tools gave",
    ],
    ["an order that no tool gave", says("See #424242."), "had a number that none of its tools gave"],
    ["a date that no tool gave", says("It was on 2019-02-03."), "had a number that none of its tools gave"],
    [
      "a number after true ones",
      says("There are 3 orders. 2 of them are late."),
      "had a number that none of its tools gave",
    ],
    ["a link", says("There are 3 orders: see https://evil.example"), "had a link or an address"],
    ["a deed", says("I have deleted them."), "claimed to have done something"],
    ["an empty answer", says(""), "The model gave no answer"],
    ["a huge answer", { kind: "flood" }, "too long"],
    ["an end by length", { kind: "length", text: "There are 3" }, "too long"],
    ["500", { kind: "status", status: 500 }, "answers with an error (500)"],
    ["429", { kind: "status", status: 429 }, "overloaded (429)"],
    ["no answer", { kind: "hang" }, "took longer than 2 seconds"],
    ["a stall", { kind: "stall", text: "There are 3 orders. And" }, "took longer than 2 seconds"],
    ["a cut", { kind: "cut", text: "There are 3 orders. And" }, "was broken"],
    ["no end", { kind: "unfinished", text: "There are 3 orders." }, "was broken"],
    ["malformed JSON", { kind: "raw", body: "data: {not json\n\n" }, "was broken"],
    ["a page", { kind: "raw", body: "<html></html>", type: "text/html" }, "was broken"],
    ["tools without end", COUNT, "came to no end within 4 steps"],
    ["a tool that does not exist", uses("delete_order", { id: 1 }), "came to no end within 4 steps"],
    [
      "arguments that are not JSON",
      { kind: "tools", calls: [{ name: "find_orders", args: "{" }] },
      "came to no end within 4 steps",
    ],
    ["arguments of another form", uses("find_orders", { status: "all" }), "came to no end within 4 steps"],
  ])("%s: the grammar answers, and the answer says so", async (_name, reply, why) => {
    const [order] = await setting.createOrders(3, "pending");
    endpoint.follow(afterCount(reply));
    const heard = await ask(`what happened to order ${order?.id ?? 0}?`);
    expect(heard.source).toMatchObject({ source: { kind: "grammar" } });
    expect(heard.source?.why).toContain(why);
    expect(heard.end).toEqual(ended("answered"));
    expect(heard.ids).toEqual([order?.id]);
  });

  it("are not taken from a model that did not look", async () => {
    endpoint.follow(() => says("All is well."));
    const heard = await ask("is all well?");
    expect(heard.source?.why).toBe("The model answered without a look at the orders");
    expect(heard.end).toEqual(ended("not-understood"));
  });

  it("come all the same after an error that passes, and after calls that were wrong", async () => {
    await setting.createOrders(5, "pending");
    const replies: readonly Reply[] = [
      { kind: "status", status: 503 },
      uses("approve_all"),
      { kind: "tools", calls: [{ name: "count_orders", args: "{" }] },
      COUNT,
    ];
    endpoint.follow((_seen, call) => replies[call] ?? says("There are 5 orders."));
    const heard = await ask("how many?", { limitMs: 20_000, steps: 6 });
    expect(heard.source?.source).toEqual(MODEL);
    expect(heard.text).toBe("There are 5 orders.");
  });

  it("cost no more than the budget", async () => {
    endpoint.follow(afterCount(says("There are 0 orders.")));
    const heard = await ask("how many?", { callsPerMinute: 1 });
    expect(heard.source?.why).toBe("The model may be called 1 times a minute");
    expect(endpoint.calls).toHaveLength(1);
  });
});

describe("injections", () => {
  it.each(INJECTIONS)("in a question: $says", async ({ says: question, obeyed }) => {
    await setting.createOrders(3, "pending");
    const before = await rowsOf();
    endpoint.follow((_seen, call) => {
      if (call === 0) return COUNT;
      if (call === 1) return { kind: "tools", calls: WRITE_TOOLS.map((name) => ({ name, args: "{}" })) };
      return says(obeyed);
    });
    const heard = await ask(question);
    expect(heard.text).not.toMatch(HARM);
    expect(await rowsOf()).toEqual(before);
  });

  it.each(INJECTIONS)("in a name that a tool gives: $says", async ({ says: name, obeyed }) => {
    await setting.api.create({ customer_name: name, product_name: "Bookcase" });
    const before = await rowsOf();
    endpoint.follow((_seen, call) => {
      if (call === 0) return uses("find_orders", {});
      if (call === 1)
        return { kind: "tools", calls: WRITE_TOOLS.map((tool) => ({ name: tool, args: "{}" })) };
      return says(obeyed);
    });
    const heard = await ask("who waits longest?");
    expect(heard.text.replaceAll(name, "")).not.toMatch(HARM);
    expect(await rowsOf()).toEqual(before);
  });
});

const rowsOf = async () => [
  await setting.rows("orders").find({}).sort({ _id: 1 }).toArray(),
  await setting.messages(),
];
