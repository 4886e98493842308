import type { FeedConnection } from "@live-orders/client/feed-transport";
import { socketIoTransport } from "@live-orders/client/socket-io-transport";
import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES } from "@live-orders/protocol/status";
import { orderText } from "../order-text.ts";
import type { Stage } from "../stage.ts";
import type { Fault } from "../trial.ts";

const AT_ONCE = 8;

export const writeBeforeJoin: Fault = {
  number: 19,
  name: "A write between snapshot and join, 2,000 times",
  passesWhen: "equal each time",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const stage = await trial.open({ orders: AT_ONCE });
    const rounds = trial.by(2_000, 200);
    const found = { missing: 0, doubled: 0, wrong: 0 };
    const workers = Array.from({ length: AT_ONCE }, async (_, index) => {
      for (let round = 0; round < rounds / AT_ONCE; round += 1) await once(stage, index + 1, round, found);
    });
    await Promise.all(workers);
    trial.measures.note("snapshots, writes and joins", rounds);
    trial.measures.none("orders that were not as in the database", found.wrong);
    trial.measures.none("writes that did not come", found.missing);
    trial.measures.none("writes that came twice", found.doubled);
  },
};

/** Each worker has an order of its own, which it alone changes. */
async function once(
  stage: Stage,
  id: number,
  round: number,
  found: { missing: number; doubled: number; wrong: number },
): Promise<void> {
  const page = await stage.api().list({ limit: 500 });
  if (!page.ok) throw new Error(JSON.stringify(page.error));
  const { orders, cursor } = page.value;
  const product_name = `round ${round}`;
  const status = STATUSES[round % STATUSES.length] ?? "pending";
  const updated_at = new Date().toISOString();
  await stage.database.direct.update(id, { product_name, status, updated_at });
  const changes = await joined(stage.urls[0] ?? "", cursor);

  const own = changes.filter((change) => change.id === id && change.after?.product_name === product_name);
  if (own.length === 0) found.missing += 1;
  if (own.length > 1) found.doubled += 1;
  const rows = new Map<number, Order>(orders.map((order) => [order.id, order]));
  for (const { id: changed, after } of changes) if (after !== null) rows.set(changed, after);
  const standing = { id, customer_name: "Ada", product_name, status, updated_at };
  const row = rows.get(id);
  if (row === undefined || orderText(row) !== orderText(standing)) found.wrong += 1;
}

/** Everything that came by the time that the watch from this cursor was answered. */
function joined(url: string, after: string): Promise<readonly Change[]> {
  const changes: Change[] = [];
  return new Promise((resolve, reject) => {
    const connection: FeedConnection = socketIoTransport({ url }).open({
      opened: () => {
        connection.watch({ statuses: [...STATUSES], after }, (ack) => {
          connection.close();
          if (ack.ok) resolve(changes);
          else reject(new Error(ack.problem.detail));
        });
      },
      changes: (batch) => changes.push(...batch.changes),
      counts: () => undefined,
      reset: ({ reason }) => reject(new Error(reason)),
      feed: () => undefined,
      lost: (cause) => reject(new Error(cause)),
    });
  });
}
