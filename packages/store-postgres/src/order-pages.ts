import type { PageAnswer, PageQuery } from "@live-orders/store/order-store";
import type { Database } from "./database.ts";
import { cursorPartsOf, type Mend, readAsOfNow } from "./feed-state.ts";
import { orderOf } from "./order-image.ts";
import { decodePageCursor, encodePageCursor, pagePlaceOf } from "./page-cursor.ts";
import { pageStatement } from "./page-scan.ts";
import { rowIn, rowOfNowSchema } from "./row-reading.ts";

/** A page as of one instant. Rows that break the table are left out, and do not stop the paging. */
export async function readPage(database: Database, mend: Mend, query: PageQuery): Promise<PageAnswer> {
  const after = query.after === null ? null : decodePageCursor(query, query.after);
  if (query.after !== null && after === null) return { kind: "bad-page-cursor" };
  const statement = pageStatement(query, after, query.limit + 1);
  const answer = await readAsOfNow(database, mend, statement, rowOfNowSchema);
  const found = answer.flatMap(rowIn);
  const rows = found.slice(0, query.limit);
  const last = rows.at(-1);
  return {
    kind: "page",
    orders: rows.map(orderOf).filter((order) => order !== null),
    next: last && found.length > rows.length ? encodePageCursor(query, pagePlaceOf(query, last)) : null,
    at: cursorPartsOf(answer[0]),
  };
}
