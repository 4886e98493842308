import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import { planWrites, type WriteOperation } from "@live-orders/store/write-plan";
import type { LiveClient, World } from "./world.ts";

type Step = (world: World) => void;

const HOUR = 3_600_000;
const NAMES = ["Ada", "Bo", "Claire", "Darrin", "Emma"];

const fields = ({ random }: World) => ({
  customer_name: random.pick(NAMES),
  product_name: `Thing ${random.int(1, 99)}`,
  status: random.pick(STATUSES),
});

const someId = ({ random, database }: World): number => {
  const ids = [...database.rows.keys()];
  return ids.length > 0 ? random.pick(ids) : random.int(1, 9);
};

const operation = (world: World): WriteOperation => {
  const kind = world.random.pick(["put", "patch", "patch", "patch", "delete"] as const);
  if (kind === "put") return { op: "put", id: world.random.int(1, 30), order: fields(world) };
  if (kind === "delete") return { op: "delete", id: someId(world) };
  const { status, product_name } = fields(world);
  return { op: "patch", id: someId(world), order: world.random.chance(0.5) ? { status } : { product_name } };
};

/** Past the API: one transaction of a program that writes straight to the database. */
function writeDirectly(world: World, operations: readonly WriteOperation[]): void {
  const { database } = world;
  const { writes } = planWrites(
    operations,
    database.rows,
    [],
    Date.parse("2026-01-01") + world.timers.nowMs(),
  );
  if (writes.length > 0) database.commit(writes);
}

/** A person's write: whatever it answers as done must stand in the database. */
function writeAsPerson(world: World, { live, name }: LiveClient): void {
  const rows = [...live.orders()].filter(({ id }) => id > 0);
  const kind =
    rows.length === 0 ? "create" : world.random.pick(["create", "edit", "edit", "edit", "remove"] as const);
  const row = rows.length > 0 ? world.random.pick(rows) : null;
  const { status, customer_name } = fields(world);
  const pending =
    row === null || kind === "create"
      ? live.create(fields(world))
      : kind === "edit"
        ? live.edit(row.id, world.random.chance(0.5) ? { status } : { customer_name })
        : live.remove(row.id);
  const { generation } = world.database;
  world.counters.count(`${kind} by a person`);
  void pending.done.then((outcome) => {
    if (!outcome.ok) return void world.counters.count(`write failed: ${outcome.failure.kind}`);
    if (world.database.generation === generation) mustStand(world, name, outcome.order);
  });
}

function mustStand(world: World, name: string, order: Order): void {
  if (world.oracle.stoodAt(order, "") === null)
    world.failures.push(new Error(`${name}: an acknowledged write of order ${order.id} never stood`));
}

const withClient =
  (act: (world: World, client: LiveClient) => void): Step =>
  (world) => {
    act(world, world.random.pick(world.clients));
  };

const crashNode: Step = (world) => {
  const index = world.random.int(0, world.nodes.length - 1);
  const node = world.nodes[index];
  if (!node?.up) return;
  world.counters.count("node crashed");
  node.crash();
  world.timers.after(world.random.int(50, 3_000), () => {
    world.nodes[index] = world.startNode();
  });
};

/** The primary is gone for a while: nothing can be written or read, all streams break. */
const failover: Step = (world) => {
  world.counters.count("failover");
  world.database.setAway(true);
  for (const node of world.nodes) {
    node.lagging = true;
    node.history.failing = true;
    node.failStream();
  }
  world.timers.after(world.random.int(100, 3_000), () => {
    world.database.setAway(false);
    for (const node of world.nodes) {
      node.lagging = false;
      node.history.failing = false;
    }
  });
};

const lagNode: Step = (world) => {
  const node = world.random.pick(world.nodes);
  world.counters.count("node lagged");
  node.lagging = true;
  world.timers.after(world.random.int(50, 1_500), () => {
    node.lagging = false;
  });
};

const unplug: Step = (world) => {
  const network = world.random.pick(world.networks);
  world.counters.count("client offline");
  network.plugged = false;
  network.cut();
  world.timers.after(world.random.int(100, 4_000), () => {
    network.plugged = true;
  });
};

const stall: Step = (world) => {
  const network = world.random.pick(world.networks);
  world.counters.count("reader stopped reading");
  network.stall(true);
  world.timers.after(world.random.int(200, 6_000), () => {
    network.stall(false);
  });
};

/** What may happen, with how often. */
const STEPS: readonly (readonly [weight: number, name: string, step: Step])[] = [
  [18, "direct write", (world) => writeDirectly(world, [operation(world)])],
  [
    4,
    "transaction",
    (world) =>
      writeDirectly(
        world,
        Array.from({ length: world.random.int(2, 8) }, () => operation(world)),
      ),
  ],
  [
    3,
    "delete and insert again",
    (world) => {
      const id = someId(world);
      writeDirectly(world, [{ op: "delete", id }]);
      writeDirectly(world, [{ op: "put", id, order: fields(world) }]);
    },
  ],
  [2, "burst", (world) => void Array.from({ length: 30 }, () => writeDirectly(world, [operation(world)]))],
  [14, "person writes", withClient(writeAsPerson)],
  [
    4,
    "two editors of one row",
    (world) => {
      const id = someId(world);
      for (const { live } of world.clients)
        if (live.row(id)) void live.edit(id, { product_name: `Thing ${world.random.int(1, 99)}` });
    },
  ],
  [
    3,
    "other statuses",
    withClient((world, client) => {
      client.statuses = world.statuses();
      client.live.setStatuses(client.statuses);
    }),
  ],
  [4, "cut", (world) => world.random.pick(world.networks).cut()],
  [3, "offline", unplug],
  [3, "slow reader", stall],
  [4, "lag", lagNode],
  [2, "crash", crashNode],
  [1, "failover", failover],
  [2, "stream cut", (world) => world.random.pick(world.nodes).failStream()],
  [0.6, "history cut", (world) => world.database.forgetHistory()],
  [0.3, "drop", (world) => world.database.drop()],
  [
    1,
    "lossy",
    (world) => {
      const network = world.random.pick(world.networks);
      network.lossy = network.lossy > 0 ? 0 : 0.3;
    },
  ],
  [
    1,
    "clock jump",
    (world) => {
      if (world.random.chance(0.3)) world.databaseClockOffset = world.random.int(-HOUR, HOUR);
      else world.random.pick(world.clients).clockOffset = world.random.int(-HOUR, HOUR);
    },
  ],
  [6, "nothing", () => undefined],
];

const TOTAL = STEPS.reduce((sum, [weight]) => sum + weight, 0);

export function pickStep(world: World): { name: string; step: Step } {
  let left = world.random.next() * TOTAL;
  for (const [weight, name, step] of STEPS) {
    left -= weight;
    if (left < 0) return { name, step };
  }
  return { name: "nothing", step: () => undefined };
}
