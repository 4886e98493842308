import type { AgentApi } from "@live-orders/client/agent-api";
import { MESSAGE_STATES, type AgentMessage, type MessageState } from "@live-orders/protocol/agent-message";
import type { MessageBatch, MessagesPage } from "@live-orders/protocol/http-agent";
import { expect, it } from "vitest";
import { MessageBoard } from "./message-board.ts";

const AT = new Date(0).toISOString();

const message = (id: string, version: number, state: MessageState = "draft", order = 1): AgentMessage => ({
  id,
  version,
  cause: { trigger: "t", kind: "became-shipped", position: "p", at: AT, as_of: "p" },
  order: { id: order, customer_name: "a", product_name: "b", status: "shipped", updated_at: AT },
  state,
  content: null,
  made_by: null,
  reason: null,
  ended: null,
  sent_to: null,
  deeds: [{ deed: "queued", by: "agent", at: AT }],
});

const counts = Object.fromEntries(MESSAGE_STATES.map((state) => [state, 0])) as MessagesPage["counts"];

/** A board over a server that has these pages; `send` is the stream. */
function setting(pages: Record<string, { messages: AgentMessage[]; next: string | null }>, order?: number) {
  let send: (batch: Pick<MessageBatch, "messages">) => void = () => undefined;
  const cursors: string[] = [];
  const list: AgentApi["list"] = ({ after = "first" }) =>
    Promise.resolve({
      ok: true,
      value: { ...(pages[after] ?? { messages: [], next: null }), counts, cursor: "v1" },
    });
  const board = new MessageBoard({
    api: { list },
    query: order === undefined ? { states: ["draft"] } : { order },
    clock: { now: () => 0, after: () => () => undefined },
    openStream: (cursor, events) => {
      cursors.push(cursor);
      send = (batch) => {
        events.batch({ ...batch, counts, cursor: "v9" });
      };
      return () => undefined;
    },
  });
  const ids = () => board.state().messages.map(({ id }) => id);
  return { board, ids, cursors, send: (...messages: AgentMessage[]) => send({ messages }) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it("shows a page, goes on from its cursor, and reads older ones", async () => {
  const { board, ids, cursors, send } = setting({
    first: { messages: [message("c", 3), message("b", 2)], next: "n" },
    n: { messages: [message("a", 1)], next: null },
  });
  const end = board.start();
  await settled();
  expect(ids()).toEqual(["c", "b"]);
  expect(cursors).toEqual(["v1"]);
  send(message("d", 4));
  expect(ids()).toEqual(["d", "c", "b"]);
  expect(board.state().more).toBe(true);
  await board.more();
  expect(ids()).toEqual(["d", "c", "b", "a"]);
  expect(board.state().more).toBe(false);
  end();
});

it("a message that leaves the list does not come back by an older page or answer", async () => {
  const { board, ids, send } = setting({
    first: { messages: [message("b", 2)], next: "n" },
    n: { messages: [message("a", 1)], next: null },
  });
  board.start();
  await settled();
  send(message("a", 5, "approved"));
  await board.more();
  expect(ids()).toEqual(["b"]);
  board.take([message("b", 6, "dismissed")]);
  send(message("b", 2));
  expect(ids()).toEqual([]);
});

it("shows the messages of one order in any state", async () => {
  const { board, ids, send } = setting({ first: { messages: [message("a", 1, "sent", 7)], next: null } }, 7);
  board.start();
  await settled();
  send(message("b", 2, "obsolete", 7), message("c", 3, "draft", 8));
  expect(ids()).toEqual(["b", "a"]);
});
