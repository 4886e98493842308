import { changeBatchSchema, type ChangeBatch } from "@live-orders/protocol/change";
import { changesAnswerSchema } from "@live-orders/protocol/http-changes";
import { resetSchema } from "@live-orders/protocol/socket-events";
import { eventually } from "@live-orders/testkit/eventually";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOnMemory } from "../../test/api-server.ts";
import { call } from "../../test/call.ts";
import { EventStreamClient } from "../../test/event-stream-client.ts";

let server: Awaited<ReturnType<typeof startOnMemory>>;
let streams: EventStreamClient[];
beforeEach(async () => {
  streams = [];
  server = await startOnMemory();
});
afterEach(async () => {
  for (const stream of streams) stream.close();
  await server.dispose();
});

async function open(query = "", headers: Record<string, string> = {}): Promise<EventStreamClient> {
  const stream = await EventStreamClient.open(`${server.url}/api/changes/stream${query}`, headers);
  streams.push(stream);
  return stream;
}

const batchesOf = (stream: EventStreamClient): ChangeBatch[] =>
  stream.events
    .filter(({ event }) => event === "changes")
    .map(({ data }) => changeBatchSchema.strict().parse(data));
const idsOf = (stream: EventStreamClient): number[] =>
  batchesOf(stream).flatMap(({ changes }) => changes.map(({ id }) => id));

let lastId = 0;
function insert(status: "pending" | "shipped" = "pending", product_name = "Chair"): number {
  lastId += 1;
  const after = {
    id: lastId,
    customer_name: "Ada",
    product_name,
    status,
    updated_at: new Date().toISOString(),
  };
  server.database.commit([{ kind: "insert", after }]);
  return lastId;
}

describe("an event stream", () => {
  it("begins with a changes event, empty if need be, whose id is its cursor", async () => {
    const stream = await open();
    await eventually(() => stream.events.length === 1);
    const [batch] = batchesOf(stream);
    expect(batch?.changes).toEqual([]);
    expect(stream.events[0]?.id).toBe(batch?.cursor);
  });

  it("is not kept, compressed or held back on its way", async () => {
    const { status, headers } = await open();
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    });
    expect(headers["content-encoding"]).toBeUndefined();
  });

  it("sends the changes of its statuses", async () => {
    const stream = await open("?status=shipped");
    await eventually(() => stream.events.length === 1);
    insert("pending");
    const shipped = insert("shipped");
    await eventually(() => idsOf(stream).length > 0);
    expect(idsOf(stream)).toEqual([shipped]);
  });

  it("resumes from Last-Event-ID, before after", async () => {
    const first = await open();
    await eventually(() => first.events.length === 1);
    const start = first.events[0]?.id ?? "";
    const ids = [insert(), insert(), insert()];
    await eventually(() => idsOf(first).length === 3);
    first.close();
    const [, second] = first.events;
    const byHeader = await open(`?after=${first.events.at(-1)?.id ?? ""}`, { "Last-Event-ID": start });
    const byQuery = await open(`?after=${second?.id ?? ""}`);
    await eventually(() => idsOf(byHeader).length === 3 && idsOf(byQuery).length === 2);
    expect([idsOf(byHeader), idsOf(byQuery)]).toEqual([ids, ids.slice(1)]);
  });

  it("whose history is gone sends a reset, then is live", async () => {
    const first = await open();
    await eventually(() => first.events.length === 1);
    server.database.drop();
    const second = await open("", { "Last-Event-ID": first.events[0]?.id ?? "" });
    await eventually(() => second.events.length === 2);
    const reset = resetSchema.strict().parse(second.events[0]?.data);
    expect(second.events.map(({ event }) => event)).toEqual(["reset", "changes"]);
    expect([reset.reason, second.events[0]?.id]).toEqual(["history-lost", reset.cursor]);
    const id = insert();
    await eventually(() => idsOf(second).includes(id));
  });

  it("that was caught up is told how far, though it does not see the last of what it missed", async () => {
    await server.dispose();
    server = await startOnMemory({ relayLimits: { logChanges: 1 } });
    const first = await open("?status=pending");
    await eventually(() => first.events.length === 1);
    first.close();
    const pending = [insert("pending"), insert("pending")];
    // On a page of history behind that of its own.
    for (let count = 0; count < 3; count += 1) insert("shipped");
    const after = first.events[0]?.id ?? "";
    const second = await open(`?status=pending&after=${after}`);
    await eventually(() => (batchesOf(second).at(-1)?.position ?? "") >= server.database.now().position);
    expect(idsOf(second)).toEqual(pending);
  });

  it("that is open is told of a reset", async () => {
    const stream = await open();
    await eventually(() => stream.events.length === 1);
    server.database.drop();
    await eventually(() => stream.events.at(-1)?.event === "reset");
  });

  it.each(["?after=nonsense", "?status=gone", "?unknown=1", "?after=a&after=b"])(
    "refuses %s",
    async (query) => {
      const answer = await call(server.url, "GET", `/api/changes/stream${query}`);
      expect(answer.problem().slug).toBe("validation");
    },
  );

  it("ends when the server stops", async () => {
    const stream = await open();
    await eventually(() => stream.events.length === 1);
    await server.application.stop();
    await eventually(() => stream.ended);
  });
});

describe("GET /api/changes", () => {
  const read = async (query: string) =>
    changesAnswerSchema.strict().parse((await call(server.url, "GET", `/api/changes${query}`)).json());

  it("without after gives the cursor of now; with it what came since, cut by limit", async () => {
    insert();
    const now = await read("");
    expect([now.changes, now.more]).toEqual([[], false]);
    const ids = [insert(), insert(), insert()];
    const first = await read(`?after=${now.cursor}&limit=2`);
    const second = await read(`?after=${first.cursor}&limit=2`);
    expect([first.changes.map(({ id }) => id), first.more]).toEqual([ids.slice(0, 2), true]);
    expect([second.changes.map(({ id }) => id), second.more]).toEqual([ids.slice(2), false]);
  });

  it("waits for a change, and answers as soon as it is there", async () => {
    const now = await read("");
    const waiting = read(`?after=${now.cursor}&wait=30&status=shipped`);
    insert("pending");
    const shipped = insert("shipped");
    expect((await waiting).changes.map(({ id }) => id)).toEqual([shipped]);
  });

  it("stops waiting for a client that has gone", async () => {
    const now = await read("");
    const gone = new AbortController();
    const waiting = fetch(`${server.url}/api/changes?after=${now.cursor}&wait=30`, { signal: gone.signal });
    await eventually(async () => {
      const { text } = await call(server.url, "GET", "/metrics");
      return text.includes("live_orders_waiting_reads 1\n");
    });
    gone.abort();
    await expect(waiting).rejects.toThrow();
    await eventually(async () => {
      const { text } = await call(server.url, "GET", "/metrics");
      return text.includes("live_orders_waiting_reads 0\n");
    });
  });

  it("whose history is gone is 410 history-lost", async () => {
    const now = await read("");
    server.database.drop();
    const answer = await call(server.url, "GET", `/api/changes?after=${now.cursor}`);
    expect([answer.status, answer.problem().slug]).toEqual([410, "history-lost"]);
  });

  it.each([
    "?limit=0",
    "?limit=1001",
    "?wait=31",
    "?wait=-1",
    "?after=x",
    "?after=",
    "?q=x",
    "?wait=1&wait=1",
  ])("refuses %s", async (query) => {
    const answer = await call(server.url, "GET", `/api/changes${query}`);
    expect(answer.problem().slug).toBe("validation");
  });
});
