import type { Clock } from "@live-orders/client/clock";
import { Feed } from "@live-orders/client/feed";
import { createOrdersApi } from "@live-orders/client/orders-api";
import type { FeedConnection } from "@live-orders/client/feed-transport";
import type { ChangeBatch } from "@live-orders/protocol/change";
import { changesAnswerSchema } from "@live-orders/protocol/http-changes";
import type { Status } from "@live-orders/protocol/status";
import { decodeCursor } from "@live-orders/store/cursor-parts";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { Network } from "./network.ts";
import { ReadChanges } from "./read-changes.ts";
import { transportOf, type Way } from "./transports.ts";
import { EPOCH, type Surroundings } from "./surroundings.ts";

/** A reader of the bare feed. */
export interface FeedReader {
  readonly name: string;
  readonly network: Network;
  readonly read: ReadChanges;
  /** Connected, and caught up: it waits for nothing but news. */
  readonly isAtRest: boolean;
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
        const take = () => world.guard(() => read.take(batch, statuses));
        if (random.chance(0.9)) return take();
        return afterAWhile(world, random, take);
      },
    },
  });
  feed.start();
  return {
    name,
    network,
    read,
    get isAtRest() {
      return feed.state().kind === "live";
    },
    stop: () => feed.stop(),
  };
}

/** A consumer that writes to a disk: it needs a moment, and the disk may be full. */
async function afterAWhile(
  { timers, counters, isHealed }: Surroundings,
  random: SeededRandom,
  take: () => void,
): Promise<void> {
  await new Promise<void>((resolve) => void timers.after(random.int(1, 100), resolve));
  if (isHealed || random.chance(0.8)) return take();
  counters.count("consumer failed to take a batch");
  throw new Error("the disk is full");
}

/** A socket without the client's feed: what a program in any language sees of the server. */
export function watchSocket(world: Surroundings, index: number): FeedReader {
  const name = `reader ${index} by bare socket`;
  const network = world.newNetwork();
  const random = world.random.fork();
  const statuses = world.pickStatuses(world.random);
  const read = new ReadChanges(world.oracle, name);
  let cursor: string | null = null;
  let isWatching = false;
  let over = false;
  let connection: FeedConnection | null = null;

  const take = (batch: ChangeBatch) => {
    cursor = batch.cursor;
    if (read.generation === null) read.begin(batch.position, generationOf(batch.cursor));
    else world.guard(() => read.take(batch, statuses));
  };
  const beginAnew = (from: string) => {
    world.wasReset(name, read);
    cursor = from;
    read.begin(decodeCursor(from)?.position ?? "", generationOf(from));
  };
  const again = () => {
    isWatching = false;
    if (!over) world.timers.after(random.int(10, 1_000), open);
  };
  const open = () => {
    connection = network.open({
      opened: () =>
        connection?.watch({ statuses, ...(cursor !== null && { after: cursor }) }, (ack) => {
          if (!ack.ok) connection?.close();
          else if (ack.reset) beginAnew(ack.cursor);
          else take({ changes: [], position: ack.position, cursor: ack.cursor });
          isWatching = ack.ok;
          if (!ack.ok) again();
        }),
      changes: take,
      counts: () => undefined,
      feed: () => undefined,
      reset: (reset) => beginAnew(reset.cursor),
      lost: again,
    });
  };
  open();
  return {
    name,
    network,
    read,
    get isAtRest() {
      return isWatching;
    },
    stop: () => {
      over = true;
      connection?.close();
    },
  };
}

/** `GET /api/changes` by hand, as a program in any language would: at once again while there is more. */
export function pollByHand(world: Surroundings, index: number): FeedReader {
  const name = `reader ${index} by hand`;
  const network = world.newNetwork();
  const random = world.random.fork();
  const statuses: readonly Status[] = world.pickStatuses(world.random);
  const read = new ReadChanges(world.oracle, name);
  let cursor: string | null = null;
  let isCaughtUp = false;
  let over = false;

  const broke = (error: unknown): boolean => {
    world.fail(error);
    return false;
  };
  /** Now and then with a wait. Resolves to whether there is more. */
  const ask = async (): Promise<boolean> => {
    const query = new URLSearchParams(statuses.map((status): [string, string] => ["status", status]));
    query.set("limit", String(random.int(1, 6)));
    if (random.chance(0.5)) query.set("wait", String(random.int(0, 12)));
    if (cursor !== null) query.set("after", cursor);
    const answer = await network.fetch(`http://node/api/changes?${query.toString()}`).catch(() => null);
    const text = await answer?.text().catch(() => null);
    if (over || typeof text !== "string" || (answer?.status !== 200 && answer?.status !== 410)) return false;
    if (answer.status === 410) {
      world.wasReset(name, read);
      cursor = null;
      isCaughtUp = false;
      return true;
    }
    const batch = changesAnswerSchema.parse(JSON.parse(text));
    if (cursor === null) read.begin(batch.position, generationOf(batch.cursor));
    else read.take(batch, statuses);
    cursor = batch.cursor;
    isCaughtUp = !batch.more;
    return batch.more;
  };
  const loop = async (): Promise<void> => {
    while (!over && (await ask().catch(broke)));
    if (!over) world.timers.after(random.int(1, 400), () => void loop());
  };
  void loop();
  return {
    name,
    network,
    read,
    get isAtRest() {
      return isCaughtUp;
    },
    stop: () => (over = true),
  };
}
