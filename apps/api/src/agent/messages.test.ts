import type { AgentMessage } from "@live-orders/protocol/agent-message";
import {
  agentsSchema,
  messageAnswerSchema,
  messageBatchSchema,
  messagesPageSchema,
  reviewAnswerSchema,
  type ReviewAction,
} from "@live-orders/protocol/http-agent";
import { orderAnswerSchema } from "@live-orders/protocol/http-orders";
import type { UnwrittenMessage } from "@live-orders/store/message-store";
import { eventually } from "@live-orders/testkit/eventually";
import { messageSample } from "@live-orders/testkit/message-contract";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOnMemory } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";
import { EventStreamClient } from "../../test/event-stream-client.ts";

let server: Awaited<ReturnType<typeof startOnMemory>>;
beforeEach(async () => {
  server = await startOnMemory();
});
afterEach(() => server.dispose());

const PATH = "/api/agent/messages";
const get = (path: string) => call(server.url, "GET", path);
const post = (body: unknown) => call(server.url, "POST", `${PATH}/review`, { body });
const page = async (query = "") => messagesPageSchema.parse((await get(PATH + query)).json());

/** A draft about an order that is there, as the cause says. */
async function draft(fields: Partial<UnwrittenMessage> = {}): Promise<AgentMessage> {
  const created = await call(server.url, "POST", "/api/orders", {
    body: { customer_name: "Ada", product_name: "Chair", status: "shipped" },
  });
  const { order, position } = orderAnswerSchema.parse(created.json());
  const content = { subject: "Hello", text: "It is on its way." };
  const [message] = await server.messages.add([
    messageSample(order.id, position, { order, state: "draft", content, ...fields }),
  ]);
  if (message === undefined) throw new Error("not added");
  return message;
}

async function review(action: ReviewAction, ...messages: readonly AgentMessage[]) {
  const asked = messages.map(({ id, version }) => ({ id, version }));
  const answer = await post({ action, messages: asked, by: "Eve" });
  return reviewAnswerSchema.parse(answer.json()).results;
}

describe("the messages' pages", () => {
  it("give the latest first, by state and order, with the counts", async () => {
    const drafts = [await draft(), await draft(), await draft()];
    const dismissed = await draft({ state: "dismissed" });
    const first = await page("?state=draft&limit=2");
    expect(first.messages).toEqual([drafts[2], drafts[1]]);
    expect(first.counts).toMatchObject({ draft: 3, dismissed: 1, sent: 0 });
    const second = await page(`?state=draft&limit=2&after=${first.next}`);
    expect(second).toMatchObject({ messages: [drafts[0]], next: null });
    expect((await page("?state=draft,dismissed")).messages).toHaveLength(4);
    expect((await page(`?order=${dismissed.order.id}`)).messages).toEqual([dismissed]);
  });

  it.each(["?state=lost", "?limit=0", "?order=0", "?after=nonsense", "?who=me"])(
    "refuse %s",
    async (query) => {
      expect((await get(PATH + query)).problem()).toMatchObject({ slug: "validation" });
    },
  );

  it("give one message, or say that there is none", async () => {
    const message = await draft();
    expect(messageAnswerSchema.parse((await get(`${PATH}/${message.id}`)).json())).toEqual({ message });
    expect((await get(`${PATH}/6f9619ff-8b86-4d01-b42d-00cf4fc964ff`)).problem().slug).toBe("not-found");
    expect((await get(`${PATH}/7`)).problem().slug).toBe("validation");
  });

  it("go into a file, in which no name runs as a formula", async () => {
    const message = await draft();
    await draft({ order: { ...message.order, customer_name: "=1+1" }, state: "approved" });
    const answer = await get(`${PATH}.csv?state=approved`);
    expect(answer.headers.get("Content-Disposition")).toContain("messages.csv");
    const [head, ...lines] = answer.text.trim().split("\n");
    expect(head).toBe("id,state,trigger,order,customer_name,product_name,subject,text");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(",'=1+1,");
  });
});

describe("a review", () => {
  it("approves, with who and when, and once only", async () => {
    const message = await draft();
    const [result] = await review("approve", message);
    expect(result).toMatchObject({ status: 200, message: { state: "approved" } });
    expect(result?.message?.deeds.at(-1)).toMatchObject({ deed: "approved", by: "Eve" });
    expect((await review("approve", message))[0]).toMatchObject({
      status: 412,
      message: { state: "approved" },
    });
  });

  it("takes many at once, each with its own result", async () => {
    const messages = [await draft(), await draft({ state: "sent" }), await draft()];
    const results = await review("dismiss", ...messages);
    expect(results.map(({ status }) => status)).toEqual([200, 412, 200]);
    expect(results[1]?.problem?.detail).toContain("sent");
    expect((await page("?state=dismissed")).messages).toHaveLength(2);
  });

  it("makes a message obsolete, instead of approving it, when its order is not as it was", async () => {
    const [moved, deleted] = [await draft(), await draft()];
    await call(server.url, "PATCH", `/api/orders/${moved.order.id}`, { body: { status: "pending" } });
    await call(server.url, "DELETE", `/api/orders/${deleted.order.id}`);
    const results = await review("approve", moved, deleted);
    expect(results.map(({ status, message }) => [status, message?.state, message?.reason])).toEqual([
      [412, "obsolete", "The order is pending by now"],
      [412, "obsolete", "The order was deleted meanwhile"],
    ]);
  });

  it("of two at once of one message lets one through", async () => {
    const message = await draft();
    const results = await Promise.all([review("approve", message), review("dismiss", message)]);
    expect(
      results
        .flat()
        .map(({ status }) => status)
        .sort(),
    ).toEqual([200, 412]);
  });

  it("is refused whole when it is not as it should be", async () => {
    const { id, version } = await draft();
    const one = { id, version };
    for (const body of [
      { action: "send", messages: [one] },
      { action: "approve", messages: [] },
      { action: "approve", messages: [one, one] },
      { action: "approve", messages: [one], state: "sent" },
    ]) {
      expect((await post(body)).problem().slug).toBe("validation");
    }
    expect((await page("?state=draft")).messages).toHaveLength(1);
  });
});

describe("an edit", () => {
  const patch = (message: AgentMessage, body: object) =>
    call(server.url, "PATCH", `${PATH}/${message.id}`, { body });

  it("changes the text as it was seen, and no other", async () => {
    const message = await draft();
    const answer = await patch(message, { version: message.version, text: "Better.", by: "Eve" });
    const { message: next } = messageAnswerSchema.parse(answer.json());
    expect(next).toMatchObject({ state: "draft", content: { subject: "Hello", text: "Better." } });
    expect(next.deeds.at(-1)).toMatchObject({ deed: "edited", by: "Eve" });
    expect((await patch(message, { version: message.version, text: "Late." })).problem().slug).toBe("stale");
  });

  it.each([
    ["nothing", {}],
    ["an empty text", { text: "  " }],
    ["a subject of two lines", { subject: "a\nBcc: all@example.org" }],
    ["a text that is too long", { text: "x".repeat(5001) }],
    ["another field", { state: "approved", text: "x" }],
  ])("refuses %s", async (_, body) => {
    const message = await draft();
    expect((await patch(message, { version: message.version, ...body })).problem().slug).toBe("validation");
  });

  it("leaves alone what is approved", async () => {
    const message = await draft({ state: "approved" });
    expect((await patch(message, { version: message.version, text: "x" })).problem().slug).toBe("stale");
  });
});

describe("the messages' stream", () => {
  const open = (query = "", headers = {}) =>
    EventStreamClient.open(`${server.url}${PATH}/stream${query}`, headers);
  const batches = (stream: EventStreamClient) =>
    stream.events.map(({ event, id, data }) => ({ event, id, ...messageBatchSchema.parse(data) }));

  it("tells at once where it is, and then each change, with the counts", async () => {
    const { cursor } = await page();
    const stream = await open(`?after=${cursor}`);
    await eventually(() => stream.events.length === 1);
    expect(batches(stream)[0]).toMatchObject({ event: "messages", messages: [], cursor, id: cursor });
    const message = await draft();
    await review("approve", message);
    await eventually(() => batches(stream).at(-1)?.counts.approved === 1);
    expect(batches(stream).at(-1)?.messages[0]).toMatchObject({ id: message.id, state: "approved" });
    stream.close();
  });

  it("goes on from a cursor with what was missed, each message once and as it stands", async () => {
    const messages = [];
    for (let index = 0; index < 5; index += 1) messages.push(await draft());
    const { cursor } = await page();
    const [first] = messages;
    if (first !== undefined) await review("dismiss", first);
    const later = await draft();
    const stream = await open("", { "Last-Event-ID": cursor });
    await eventually(() => stream.events.length > 0);
    expect(batches(stream)[0]?.messages.map(({ id }) => id)).toEqual([first?.id, later.id]);
    stream.close();
  });

  it("refuses a cursor that is none, and ends when the server does", async () => {
    expect((await get(`${PATH}/stream?after=nonsense`)).problem().slug).toBe("validation");
    const stream = await open();
    await server.application.stop();
    await eventually(() => stream.ended);
  });
});

it("tells which agents have been here", async () => {
  await server.messages.savePlace("agent", { cursor: "c", drafts_by: "templates", sends: false });
  const { agents } = agentsSchema.parse((await get("/api/agent")).json());
  expect(agents).toMatchObject([{ name: "agent", drafts_by: "templates", sends: false }]);
});
