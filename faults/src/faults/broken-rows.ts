import type { UncheckedRow } from "../databases/tested-database.ts";
import { metricOf } from "../metric.ts";

import { untilTrue } from "../until.ts";
import type { Fault } from "../trial.ts";

/** The order that is changed after each. */
const NEXT = 1;
/** Code points, and bytes. */
const OVER = 1_200_000;

export const brokenRows: Fault = {
  number: 14,
  name: "Rows that break the schema, and one over 1 MiB, are written directly",
  passesWhen: "counted, left out, the next change is seen within 1 s",
  databases: ["mongodb", "postgres"],
  async run(trial) {
    const { measures } = trial;
    const stage = await trial.open({});
    const readers = await stage.readers({ count: trial.by(20, 8) });
    const node = stage.node(0);
    const broken = rows().filter(
      ({ product_name }) => product_name.length < OVER || trial.database === "mongodb",
    );
    if (broken.length < rows().length)
      measures.remark("a row over 1 MiB: PostgreSQL's own indexes do not take it");
    for (const row of broken) {
      await stage.database.direct.insertUnchecked([row]);
      const product_name = `after ${row.id}`;
      await stage.database.direct.update(NEXT, { product_name, status: "pending" });
      const pending = readers.on("socket.io").filter(({ statuses }) => statuses.includes("pending"));
      const isSeen = () => pending.every(({ live }) => live.row(NEXT)?.order.product_name === product_name);
      measures.within(
        `next change after ${row.customer_name.slice(0, 20)}`,
        await untilTrue(isSeen, 20_000),
        1_000,
      );
    }
    measures.exactly("rows counted", await metricOf(node.api.url, "left_out"), broken.length);
    const shown = readers.all.filter(({ live }) => broken.some(({ id }) => live.row(id) !== undefined));
    measures.none("clients that show one", shown.length);
    await trial.check(stage, readers, { acknowledged: [], unknown: 0, refused: 0, heldBack: 0 });
    measures.none("resets", readers.resets);
  },
};

function rows(): readonly UncheckedRow[] {
  const row = { product_name: "Chair", status: "pending", updated_at: new Date().toISOString() };
  return [
    { ...row, id: 9_001, customer_name: "an unknown status", status: "lost" },
    { ...row, id: 9_002, customer_name: "an empty name", product_name: "" },
    { ...row, id: 9_003, customer_name: "a control character", product_name: "a\tb" },
    { ...row, id: 9_004, customer_name: "over 1 MiB", product_name: "x".repeat(OVER) },
  ];
}
