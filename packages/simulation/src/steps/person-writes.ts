import type { PendingWrite, WriteOutcome } from "@live-orders/client/live-orders";
import type { BulkOperationInput } from "@live-orders/client/orders-api";
import type { Order, OrderPatch } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { LiveClient } from "../live-client.ts";
import { orderText } from "../order-text.ts";
import { Violation } from "../violation.ts";
import type { World } from "../world.ts";
import { customer, product, someId, type Step } from "./step.ts";

type PersonStep = (world: World, random: SeededRandom, client: LiveClient) => void;

const asPerson =
  (act: PersonStep): Step =>
  (world, random) => {
    act(world, random, random.pick(world.clients));
  };

const newOrder = (random: SeededRandom) => ({
  customer_name: customer(random),
  product_name: product(random),
  status: random.pick(STATUSES),
});

const someRow = (random: SeededRandom, { live }: LiveClient): Order | null => {
  const rows = [...live.orders()];
  return rows.length > 0 ? random.pick(rows) : null;
};

const patch = (random: SeededRandom): OrderPatch =>
  random.chance(0.5) ? { status: random.pick(STATUSES) } : { customer_name: customer(random) };

/** Whatever is answered as done stands as of the answer's position, exactly as the answer has it. */
function made(world: World, client: LiveClient, write: PendingWrite, patched: OrderPatch | "removed"): void {
  client.saves(write);
  void write.done.then((outcome: WriteOutcome) => {
    if (!outcome.ok) return world.counters.count(`write failed: ${outcome.failure.kind}`);
    const { order, position } = outcome;
    if (patched === "removed") client.removed.push(order);
    mustStand(world, client.name, order.id, patched === "removed" ? null : order, position);
    for (const [field, value] of Object.entries(patched === "removed" ? {} : patched))
      if (!Object.entries(order).some(([name, is]) => name === field && is === value))
        world.fail(new Violation("answers that stand", `${client.name}: ${field} is not ${String(value)}`));
  });
}

function mustStand(world: World, name: string, id: number, order: Order | null, position: string): void {
  const stood = world.oracle.asOf(id, position);
  const [is, should] = [stood && orderText(stood), order && orderText(order)];
  if (is === should) return;
  world.fail(new Violation("answers that stand", `${name}: ${should} as of ${position} stood as ${is}`));
}

export const create = asPerson((world, random, client) => {
  const order = newOrder(random);
  made(world, client, client.live.create(order), order);
});

export const edit = asPerson((world, random, client) => {
  const row = someRow(random, client);
  if (!row) return;
  const wanted = patch(random);
  const write = client.live.edit(row.id, wanted, random.chance(0.2) ? { force: true } : {});
  made(world, client, write, wanted);
});

export const remove = asPerson((world, random, client) => {
  const row = someRow(random, client);
  if (row) made(world, client, client.live.remove(row.id), "removed");
});

/** Undo of a removal. */
export const restore = asPerson((world, _random, client) => {
  const order = client.removed.pop();
  if (order) made(world, client, client.live.restore(order), {});
});

export const bulk = asPerson((world, random, client) => {
  const operations = Array.from({ length: random.int(2, 6) }, (): BulkOperationInput => {
    const id = someId(world, random);
    return random.pick<BulkOperationInput>([
      { op: "create", order: newOrder(random) },
      { op: "put", id: random.int(1, 40), order: newOrder(random) },
      { op: "patch", id, order: patch(random) },
      { op: "delete", id },
    ]);
  });
  void client.live.bulk(operations).then((outcomes) => {
    outcomes.forEach((outcome, index) => {
      if (outcome.kind === "failed") return world.counters.count("bulk write given up");
      const { order, position } = outcome.result;
      if (!order || !position) return;
      const isDelete = operations[index]?.op === "delete";
      // A later operation of the same transaction has its own position.
      mustStand(world, client.name, order.id, isDelete ? null : order, position);
    });
  });
});

/** Everybody who shows a row changes it at once, some of them the same field. */
export const twoEditors: Step = (world, random) => {
  const id = someId(world, random);
  for (const client of world.clients) {
    if (!client.live.row(id)) continue;
    const wanted = random.chance(0.5)
      ? { product_name: product(random) }
      : { customer_name: customer(random) };
    made(world, client, client.live.edit(id, wanted), wanted);
  }
};

export const otherStatuses = asPerson((world, random, client) => {
  client.setStatuses(world.pickStatuses(random));
});
