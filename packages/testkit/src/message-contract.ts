import { randomUUID } from "node:crypto";
import type { AgentMessage } from "@live-orders/protocol/agent-message";
import type { MessageStore, UnwrittenMessage } from "@live-orders/store/message-store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";
import { orderOf } from "./store-samples.ts";

/** A fresh, empty database for one test. */
export interface MessageDatabase {
  /** Another process's store on it. Closed by `dispose`. */
  open(): Promise<MessageStore>;
  dispose(): Promise<void>;
}

const AT = "2026-01-02T03:04:05.678Z";

/** A message of an order's cause, as the agent queues it. */
export function messageSample(
  orderId: number,
  position = "p1",
  other: Partial<UnwrittenMessage> = {},
): UnwrittenMessage {
  return {
    id: randomUUID(),
    cause: { trigger: "became-shipped", kind: "became-shipped", position, at: AT, as_of: position },
    order: orderOf(orderId, { status: "shipped" }),
    state: "queued",
    content: null,
    made_by: null,
    reason: null,
    ended: null,
    sent_to: null,
    deeds: [{ deed: "queued", by: "agent", at: AT }],
    ...other,
  };
}

const unwritten = ({ version: _, ...message }: AgentMessage): UnwrittenMessage => message;

/** Compare-and-set of one message, as it is but for some fields. */
async function replace(
  node: MessageStore,
  { version, ...message }: AgentMessage,
  fields: Partial<UnwrittenMessage>,
): Promise<AgentMessage | null> {
  const [written] = await node.replace([{ message: { ...message, ...fields }, version }]);
  return written ?? null;
}

/** What `MessageStore` promises, for any database. Call it at the top of a test file. */
export function describeMessageContract(name: string, fresh: () => Promise<MessageDatabase>): void {
  describe(`the message contract on ${name}`, () => {
    let database: MessageDatabase;
    let nodes: [MessageStore, MessageStore];
    beforeEach(async () => {
      database = await fresh();
      nodes = [await database.open(), await database.open()];
    });
    afterEach(() => database.dispose());

    it("gives back what was written, with a version that grows", async () => {
      const [first, second] = [messageSample(1), messageSample(2)];
      const added = await nodes[0].add([first, second]);
      expect(added.map(unwritten)).toEqual([first, second]);
      const [a, b] = added.map(({ version }) => version);
      expect(a).toBeLessThan(b ?? 0);
      expect(await nodes[1].get(first.id)).toEqual(added[0]);
      expect(await nodes[1].get(randomUUID())).toBeNull();
    });

    it("takes one message for one trigger, order and position, whoever writes it and how often", async () => {
      const samples = Array.from(
        { length: 20 },
        (_, index) => () => messageSample((index % 5) + 1, `p${index % 2}`),
      );
      const writes = nodes.flatMap((node) =>
        Array.from({ length: 4 }, () => node.add(samples.map((sample) => sample()))),
      );
      const added = (await Promise.all(writes)).flat();
      expect(added).toHaveLength(10);
      expect(await nodes[0].changes(0, 100)).toHaveLength(10);
      expect(await nodes[1].add(samples.map((sample) => sample()))).toEqual([]);
    });

    it("replaces by compare-and-set: of many at once one wins", async () => {
      const [added] = await nodes[0].add([messageSample(1)]);
      if (added === undefined) throw new Error("not added");
      const tries = Array.from({ length: 10 }, (_, index) =>
        replace(nodes[index % 2 === 0 ? 0 : 1], added, { state: "dismissed", reason: `${index}` }),
      );
      const won = (await Promise.all(tries)).filter((one) => one !== null);
      expect(won).toHaveLength(1);
      expect(await nodes[0].get(added.id)).toEqual(won[0]);
      expect(won[0]?.version).toBeGreaterThan(added.version);
    });

    it("replaces many at once, those whose version holds", async () => {
      const added = await nodes[0].add([1, 2, 3].map((id) => messageSample(id)));
      const [, second] = added;
      if (second === undefined) throw new Error("not added");
      await replace(nodes[1], second, { state: "dismissed" });
      const changes = added.map(({ version, ...message }) => ({
        message: { ...message, state: "draft" as const },
        version,
      }));
      const written = await Promise.all([nodes[0].replace(changes), nodes[1].replace(changes.toReversed())]);
      const orders = written.flat().flatMap((message) => (message === null ? [] : [message.order.id]));
      expect(orders.sort()).toEqual([1, 3]);
      expect(await nodes[0].counts()).toMatchObject({ draft: 2, dismissed: 1 });
    });

    it("pages the latest first, by states and by order", async () => {
      await nodes[0].add(
        [1, 2, 3, 4, 5].map((id) => messageSample(id, "p", { state: id > 3 ? "draft" : "queued" })),
      );
      const page = (query: Partial<Parameters<MessageStore["page"]>[0]>) =>
        nodes[1].page({ states: [], order: null, limit: 2, before: null, ...query });
      const idsOf = (messages: readonly AgentMessage[]) => messages.map(({ order }) => order.id);
      const first = await page({});
      expect(idsOf(first)).toEqual([5, 4]);
      expect(idsOf(await page({ before: first[1]?.version ?? 0 }))).toEqual([3, 2]);
      expect(idsOf(await page({ states: ["queued"] }))).toEqual([3, 2]);
      expect(idsOf(await page({ states: ["draft", "queued"], order: 2 }))).toEqual([2]);
      expect(await nodes[1].counts()).toMatchObject({ queued: 3, draft: 2, sent: 0 });
      expect(idsOf(await nodes[1].oldest("queued", 2))).toEqual([1, 2]);
    });

    it("tells what changed above a version, each message once and as it stands", async () => {
      const added = await nodes[0].add([messageSample(1), messageSample(2)]);
      const from = added[1]?.version ?? 0;
      expect(await nodes[1].latest()).toBeGreaterThanOrEqual(from);
      expect(await nodes[1].changes(from, 10)).toEqual([]);
      const [one] = added;
      if (one === undefined) throw new Error("not added");
      const draft = await replace(nodes[0], one, { state: "draft" });
      const sent = await replace(nodes[0], draft ?? one, { state: "sent" });
      expect(await nodes[1].changes(from, 10)).toEqual([sent]);
    });

    it("misses no version that is committed late, with many writers", async () => {
      const seen = new Map<string, number>();
      let after = 0;
      const written = new AbortController();
      const reader = (async () => {
        for (;;) {
          const last = written.signal.aborted;
          const changes = await nodes[1].changes(after, 7);
          for (const { id, version } of changes) seen.set(id, version);
          after = changes.at(-1)?.version ?? after;
          if (last && changes.length === 0) return;
        }
      })();
      const writer = async (_: unknown, index: number) => {
        for (let id = index * 10 + 1; id <= index * 10 + 10; id += 1) {
          await nodes[index % 2 === 0 ? 0 : 1].add([messageSample(id)]);
        }
      };
      await Promise.all(Array.from({ length: 6 }, writer)).finally(() => {
        written.abort();
      });
      await reader;
      expect(seen.size).toBe(60);
    });

    it("finds the messages of orders whose cause stands", async () => {
      const ended = [null, { kind: "renamed" as const }, { kind: "deleted" as const }];
      const added = await nodes[0].add(ended.map((_, index) => messageSample(7, `p${index}`)));
      for (const [index, message] of added.entries()) {
        await replace(nodes[0], message, { ended: ended[index] ?? null });
      }
      await nodes[0].add([messageSample(8)]);
      const standing = await nodes[1].standing([7, 9]);
      expect(standing.map((message) => message.cause.position)).toEqual(["p0", "p1"]);
    });

    it("keeps each reader's place", async () => {
      expect(await nodes[0].readPlace("agent")).toBeNull();
      await nodes[0].savePlace("agent", { cursor: "$a", drafts_by: "templates", sends: false });
      await nodes[0].savePlace("agent", { cursor: "b", drafts_by: "templates", sends: true });
      expect(await nodes[1].readPlace("agent")).toBe("b");
      expect(await nodes[1].readers()).toEqual([
        { name: "agent", drafts_by: "templates", sends: true, seen_at: expect.any(String) as string },
      ]);
    });

    it("calls who waits when another process has written", async () => {
      const wakeUp = nodes[1].changed();
      const calls = () => wakeUp.count;
      await eventually(() => calls() > 0 || name === "memory");
      const before = calls();
      await nodes[0].add([messageSample(1)]);
      await eventually(() => calls() > before);
    });
  });
}
