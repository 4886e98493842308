import { setTimeout as delay } from "node:timers/promises";
import { STATUSES } from "@live-orders/protocol/status";

import type { Stage } from "../stage.ts";
import { untilTrue } from "../until.ts";
import type { Fault } from "../trial.ts";

const AT_ONCE = 8;
const ORDERS = 200;

export const statusMoves: Fault = {
  number: 20,
  name: "5,000 status moves, clients in one room only, lines that are cut meanwhile",
  passesWhen: "no ghost rows, none missing",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({ orders: ORDERS });
    const rooms = STATUSES.map((status) => [status]);
    const readers = await stage.readers({ count: trial.by(24, 12), rooms });
    const moves = trial.by(5_000, 500);
    let isOver = false;
    const cuts = (async () => {
      for (; !isOver; await delay(stage.random.int(200, 1_000))) stage.node(0).proxy.cut();
    })();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, worker) => {
        for (let move = worker; move < moves; move += AT_ONCE) await moveOne(stage, move);
      }),
    );
    isOver = true;
    await cuts;
    const isBack = () => readers.all.every(({ state }) => state === "live");
    measures.within("all live again", await untilTrue(isBack, 60_000), 60_000);
    measures.note("moves", moves);
    await trial.check(stage, readers, { acknowledged: [], unknown: 0, refused: 0, heldBack: 0 });
    measures.none("resets", readers.resets);
  },
};

async function moveOne(stage: Stage, move: number): Promise<void> {
  const id = (move % ORDERS) + 1;
  const status = stage.random.pick(STATUSES);
  await stage.database.direct.update(id, {
    status,
    product_name: `move ${move}`,
    updated_at: new Date().toISOString(),
  });
}
