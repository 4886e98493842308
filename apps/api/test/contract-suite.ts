import type { Change } from "@live-orders/protocol/change";
import { changesAnswerSchema } from "@live-orders/protocol/http-changes";
import {
  countsSchema,
  orderAnswerSchema,
  orderPageSchema,
  type OrderAnswer,
} from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import { decodeCursor, encodeCursor } from "@live-orders/store/cursor-parts";
import { eventually } from "@live-orders/testkit/eventually";
import { seededRandom } from "@live-orders/testkit/seeded-random";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startOn, type ApiServer } from "./api-server.ts";
import { call, type CallOptions } from "./call.ts";
import { EventStreamClient } from "./event-stream-client.ts";
import { SocketClient } from "./socket-client.ts";

/** Another program, which writes straight to the database. */
export interface DirectProgram {
  rename(id: number, customerName: string): Promise<void>;
  /** A pending order with a control character in a name, past the database's checks. */
  insertBroken(id: number): Promise<void>;
  end(): Promise<void>;
}

export interface ContractSetting {
  readonly kind: "mongodb" | "postgres";
  /** Of an empty database; asked from `beforeAll` on. */
  url(): string;
  connect(url: string): Promise<DirectProgram>;
}

const FIELDS = { customer_name: "Ada", product_name: "Chair", status: "pending" };
const REACHES_WITHIN_MS = 10_000;

/** What the contract says of any database, seen through two nodes on one. */
export function contractSuite(setting: ContractSetting): void {
  const { kind } = setting;
  let nodes: [ApiServer, ApiServer];
  let program: DirectProgram;
  const closing: (() => unknown)[] = [];
  beforeAll(async () => {
    const url = setting.url();
    nodes = [await startOn(kind, url), await startOn(kind, url)];
    program = await setting.connect(url);
  });
  afterAll(async () => {
    for (const close of closing) close();
    await program.end();
    for (const node of nodes) await node.dispose();
  });

  const send = (node: 0 | 1, method: string, path: string, options?: CallOptions) =>
    call(nodes[node].url, method, path, options);
  const write = async (node: 0 | 1, method: string, path: string, options: CallOptions) =>
    orderAnswerSchema.parse((await send(node, method, path, options)).json());
  const create = (options: CallOptions = {}): Promise<OrderAnswer> =>
    write(0, "POST", "/api/orders", { body: FIELDS, ...options });
  const page = async (node: 0 | 1 = 0) =>
    orderPageSchema.parse((await send(node, "GET", "/api/orders?limit=500&sort=id")).json());
  const counts = async (node: 0 | 1) =>
    countsSchema.parse((await send(node, "GET", "/api/orders/counts")).json());
  const changesAfter = async (node: 0 | 1, cursor: string) =>
    changesAnswerSchema.parse((await send(node, "GET", `/api/changes?limit=1000&after=${cursor}`)).json());
  const socketOn = (node: 0 | 1): SocketClient => {
    const socket = new SocketClient(nodes[node].url);
    closing.push(() => socket.close());
    return socket;
  };
  const streamOn = async (node: 0 | 1, query: string): Promise<EventStreamClient> => {
    const stream = await EventStreamClient.open(`${nodes[node].url}/api/changes/stream?${query}`);
    closing.push(() => stream.close());
    return stream;
  };
  const changesOf = ({ events }: EventStreamClient): Change[] =>
    events.flatMap(({ event, data }) =>
      event === "changes" ? changesAnswerSchema.omit({ more: true }).parse(data).changes : [],
    );

  it("every transport of every node gives the same changes after a page's cursor, with the writes' positions", async () => {
    const { cursor } = await page();
    const created = await create({ headers: { "Idempotency-Key": "travels" } });
    const path = `/api/orders/${created.order.id}`;
    const shipped = await write(1, "PATCH", path, { body: { status: "shipped" } });
    await program.rename(created.order.id, "Direct");
    const deleted = await write(1, "DELETE", path, {});
    const socket = socketOn(0);
    const ack = await socket.watch({ statuses: STATUSES, after: cursor });
    const stream = await streamOn(1, `after=${cursor}`);
    const { changes } = socket;
    await eventually(() => changesOf(stream).length === 4);
    expect(ack).toMatchObject({ ok: true, replayed: 4 });
    expect(changes).toMatchObject([
      { op: "insert", before: null, after: created.order, key: "travels", position: created.position },
      { op: "update", before: created.order, after: shipped.order, position: shipped.position },
      { op: "update", before: shipped.order, after: { ...shipped.order, customer_name: "Direct" } },
      { op: "delete", before: deleted.order, after: null, position: deleted.position },
    ]);
    expect(changes.map((change) => "key" in change)).toEqual([true, false, false, false]);
    expect(changesOf(stream)).toEqual(changes);
    for (const node of [0, 1] as const) expect((await changesAfter(node, cursor)).changes).toEqual(changes);
  });

  it("a filter sees orders arrive and leave, on both nodes", async () => {
    const [socket, stream] = [socketOn(1), await streamOn(0, "status=shipped")];
    await socket.watch({ statuses: ["shipped"] });
    await eventually(() => stream.events.length > 0);
    const { order } = await create();
    for (const status of ["shipped", "delivered"]) {
      await write(0, "PATCH", `/api/orders/${order.id}`, { body: { status } });
    }
    await eventually(() => socket.changes.length === 2 && changesOf(stream).length === 2);
    const moves = socket.changes.map(({ before, after }) => [before?.status, after?.status]);
    expect(moves).toEqual([
      ["pending", "shipped"],
      ["shipped", "delivered"],
    ]);
    expect(changesOf(stream)).toEqual(socket.changes);
  });

  it(
    "pages, counts and orders are exactly as of their positions, whoever writes",
    { timeout: 60_000 },
    async () => {
      const random = seededRandom(1);
      const start = await page();
      const ids = await Promise.all(Array.from({ length: 20 }, async () => (await create()).order.id));
      const rounds = Array.from({ length: 30 }, (_, round) => round);
      const pages: Awaited<ReturnType<typeof page>>[] = [];
      const counted: Awaited<ReturnType<typeof counts>>[] = [];
      const writer = async (node: 0 | 1): Promise<void> => {
        for (const round of rounds) {
          const path = `/api/orders/${random.pick(ids)}`;
          if (round % 9 === 0) await send(node, "DELETE", path);
          else if (round % 7 === 0)
            await send(node, "PUT", path, { body: FIELDS, headers: { "If-None-Match": "*" } });
          else await send(node, "PATCH", path, { body: { status: random.pick(STATUSES) } });
        }
      };
      const renamer = async (): Promise<void> => {
        for (const round of rounds) await program.rename(random.pick(ids), `direct ${round}`);
      };
      const reader = async (node: 0 | 1): Promise<void> => {
        for (const _ of rounds) {
          pages.push(await page(node));
          counted.push(await counts(node));
        }
      };
      await Promise.all([writer(0), writer(1), renamer(), reader(0), reader(1)]);
      const { changes } = await changesAfter(1, start.cursor);
      const rowsAt = (position: string): Order[] => {
        const rows = new Map(start.orders.map((order) => [order.id, order]));
        for (const { id, after } of changes.filter((change) => change.position <= position)) {
          if (after === null) rows.delete(id);
          else rows.set(id, after);
        }
        return [...rows.values()].sort((a, b) => a.id - b.id);
      };
      for (const { position, orders } of pages) expect(orders).toEqual(rowsAt(position));
      for (const { position, total, ...each } of counted) {
        const rows = rowsAt(position);
        expect(total).toBe(rows.length);
        for (const status of STATUSES)
          expect(each[status]).toBe(rows.filter((row) => row.status === status).length);
      }
    },
  );

  it("a direct write of a name breaks an ETag that the other node gave", async () => {
    const { order } = await create();
    const path = `/api/orders/${order.id}`;
    const etag = (await send(1, "GET", path)).headers.get("ETag") ?? "";
    await program.rename(order.id, "Direct");
    const answer = await send(0, "PATCH", path, {
      body: { status: "shipped" },
      headers: { "If-Match": etag },
    });
    expect(answer.problem()).toMatchObject({ slug: "stale", current: { ...order, customer_name: "Direct" } });
  });

  it("exactly one of many concurrent edits of one version wins, over both nodes", async () => {
    const path = `/api/orders/${(await create()).order.id}`;
    const etag = (await send(0, "GET", path)).headers.get("ETag") ?? "";
    const edits = Array.from({ length: 16 }, (_, edit) =>
      send(edit % 2 ? 0 : 1, "PATCH", path, {
        body: { customer_name: `edit ${edit}` },
        headers: { "If-Match": etag },
      }),
    );
    const statuses = (await Promise.all(edits)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, ...Array.from({ length: 15 }, () => 412)]);
  });

  it("a repeat under a key gives the first answer on any node, at once and later", async () => {
    const repeat = { body: FIELDS, headers: { "Idempotency-Key": "twelve" } };
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, time) => send(time % 2 ? 0 : 1, "POST", "/api/orders", repeat)),
    );
    const { order } = orderAnswerSchema.parse(answers[0]?.json());
    await program.rename(order.id, "Direct");
    await send(0, "DELETE", `/api/orders/${order.id}`);
    answers.push(await send(1, "POST", "/api/orders", repeat));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    const conflict = await send(1, "POST", "/api/orders", {
      ...repeat,
      body: { ...FIELDS, status: "shipped" },
    });
    expect(conflict.problem().slug).toBe("key-conflict");
  });

  describe("a cursor", () => {
    it.each([
      ["of another collection", (cursor: string) => forged(cursor, { generation: "another" })],
      ["ahead of the database's clock", (cursor: string) => forged(cursor, { ahead: true })],
    ])("%s is history-lost on every transport, and the feed goes on", async (_, change) => {
      const after = change((await page()).cursor);
      expect((await send(0, "GET", `/api/changes?after=${after}`)).problem().slug).toBe("history-lost");
      const [socket, stream] = [socketOn(1), await streamOn(0, `after=${after}`)];
      expect(await socket.watch({ statuses: STATUSES, after })).toMatchObject({ reset: "history-lost" });
      await eventually(() => stream.events.length > 0);
      const [reset] = stream.events;
      expect(reset).toMatchObject({ event: "reset", data: { reason: "history-lost", cursor: reset?.id } });
      const { position } = await create();
      await eventually(() => socket.changes.at(-1)?.position === position);
      await eventually(() => changesOf(stream).at(-1)?.position === position);
    });

    it("that is malformed is a validation problem on every transport", async () => {
      const { cursor } = await page();
      for (const after of ["x", cursor.slice(0, -1), `${cursor}0`, "y".repeat(1025)]) {
        for (const path of ["/api/changes", "/api/changes/stream"]) {
          expect((await send(0, "GET", `${path}?after=${after}`)).problem().slug).toBe("validation");
        }
        const ack = await socketOn(0).watch({ statuses: STATUSES, after });
        expect(ack).toMatchObject({ ok: false, problem: { type: "urn:live-orders:validation" } });
      }
    });
  });

  it("a quiet reader's position reaches that of any write", async () => {
    const [socket, stream] = [socketOn(0), await streamOn(1, "status=delivered")];
    await socket.watch({ statuses: ["delivered"] });
    const { position } = await create();
    await eventually(() => (socket.batches.at(-1)?.position ?? "") >= position, {
      within: REACHES_WITHIN_MS,
    });
    const reached = (): boolean => {
      const cursor = decodeCursor(stream.events.at(-1)?.id ?? "");
      return cursor !== null && cursor.position >= position;
    };
    await eventually(reached, { within: REACHES_WITHIN_MS });
    expect(socket.changes).toEqual([]);
  });

  it("a row that breaks the table is in no page and no count, and the feed goes on past it", async () => {
    const before = await counts(0);
    const socket = socketOn(1);
    await socket.watch({ statuses: STATUSES, counts: true });
    await program.insertBroken(800_001);
    const { order, position } = await create();
    await eventually(() => socket.changes.at(-1)?.position === position);
    const sound = { pending: before.pending + 1, total: before.total + 1 };
    expect(socket.changes).toMatchObject([{ id: order.id }]);
    expect((await page(1)).orders.map(({ id }) => id)).not.toContain(800_001);
    expect(await counts(1)).toMatchObject(sound);
    await eventually(() => expect(socket.counts.at(-1)).toMatchObject(sound));
    expect((await send(0, "GET", "/api/orders/800001")).problem().slug).toBe("not-found");
  });
}

/** As no server gives it: of another collection, or later than any change. */
function forged(cursor: string, change: { generation?: string; ahead?: true }): string {
  const parts = decodeCursor(cursor);
  if (parts === null) throw new Error(`not a cursor: ${cursor}`);
  const { generation = parts.generation } = change;
  const position = change.ahead ? `7${parts.position.slice(1)}` : parts.position;
  return encodeCursor({ generation, position });
}
