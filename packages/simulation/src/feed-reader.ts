import type { Clock } from "@live-orders/client/clock";
import { Feed } from "@live-orders/client/feed";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { changesAnswerSchema } from "@live-orders/protocol/http-changes";
import type { Status } from "@live-orders/protocol/status";
import { decodeCursor } from "@live-orders/store/cursor-parts";
import type { Network } from "./network.ts";
import { ReadChanges } from "./read-changes.ts";
import { transportOf, type Way } from "./transports.ts";
import { EPOCH, type Surroundings } from "./surroundings.ts";

/** A reader of the bare feed. */
export interface FeedReader {
  readonly name: string;
  readonly network: Network;
  readonly read: ReadChanges;
  stop(): void;
}

const generationOf = (cursor: string): string => decodeCursor(cursor)?.generation ?? "";

/** The client's feed without a collection. */
export function followFeed(world: Surroundings, index: number, way: Way): FeedReader {
  const name = `reader ${index} by ${way}`;
  const network = world.newNetwork();
  const random = world.random.fork();
  const statuses = world.pickStatuses(world.random);
  const read = new ReadChanges(world.oracle, name);
  const clock: Clock = { now: () => EPOCH + world.timers.nowMs(), after: world.timers.after };
  const common = { clock, random: () => random.next() };
  const api = createOrdersApi({ ...common, baseUrl: "http://node", fetch: network.fetch });
  const feed: Feed = new Feed({
    ...common,
    transport: transportOf(way, { network, api, clock, counters: world.counters }),
    consumer: {
      begin: async (beginning) => {
        if (beginning.kind === "reset") {
          world.wasReset(name, read);
          const { cursor } = beginning;
          read.begin(decodeCursor(cursor)?.position ?? "", generationOf(cursor));
          return { ok: true, value: { statuses, after: cursor, position: read.position } };
        }
        const page = await api.list({ limit: 1 });
        if (!page.ok) return page;
        const { cursor, position } = page.value;
        read.begin(position, generationOf(cursor));
        return { ok: true, value: { statuses, after: cursor, position } };
      },
      apply: (batch) => {
        world.guard(() => read.take(batch, statuses));
      },
    },
  });
  feed.start();
  return { name, network, read, stop: () => feed.stop() };
}

/** `GET /api/changes` by hand, as a program in any language would, now and then with a wait. */
export function pollByHand(world: Surroundings, index: number): FeedReader {
  const name = `reader ${index} by hand`;
  const network = world.newNetwork();
  const random = world.random.fork();
  const statuses: readonly Status[] = world.pickStatuses(world.random);
  const read = new ReadChanges(world.oracle, name);
  let cursor: string | null = null;
  let over = false;

  const ask = async (): Promise<void> => {
    const query = new URLSearchParams(statuses.map((status): [string, string] => ["status", status]));
    query.set("limit", String(random.int(1, 6)));
    if (random.chance(0.5)) query.set("wait", String(random.int(0, 12)));
    if (cursor !== null) query.set("after", cursor);
    const answer = await network.fetch(`http://node/api/changes?${query.toString()}`).catch(() => null);
    const text = await answer?.text().catch(() => null);
    if (over || typeof text !== "string" || (answer?.status !== 200 && answer?.status !== 410)) return;
    if (answer.status === 410) {
      world.wasReset(name, read);
      cursor = null;
      return;
    }
    const batch = changesAnswerSchema.parse(JSON.parse(text));
    if (cursor === null) read.begin(batch.position, generationOf(batch.cursor));
    else read.take(batch, statuses);
    cursor = batch.cursor;
  };
  const loop = async (): Promise<void> => {
    if (over) return;
    await ask().catch(world.fail);
    world.timers.after(random.int(1, 400), () => void loop());
  };
  void loop();
  return { name, network, read, stop: () => (over = true) };
}
