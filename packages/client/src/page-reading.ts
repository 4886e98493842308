import type { OrderPage } from "@live-orders/protocol/http-orders";
import type { ApiError, ApiResult } from "./api-error.ts";
import { backOffDelay } from "./back-off.ts";
import { pause, type Clock } from "./clock.ts";
import type { OrderLedger } from "./order-ledger.ts";
import type { OrderListQuery, OrdersApi } from "./orders-api.ts";

interface PageReader {
  readonly api: Pick<OrdersApi, "list">;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
}

/** A page that is to be read into a ledger. */
export interface WantedPage {
  readonly ledger: OrderLedger;
  readonly query: OrderListQuery;
  /** False: the page is not to be judged any more, and has to be asked for again. */
  readonly lay: (page: OrderPage) => boolean;
}

const BACK_OFF = { base: 250, cap: 10_000 };
/** A page that is older than the feed knows to judge is asked for again this often. */
const MAX_OLD_PAGES = 20;

/** Asks for a page until it could be laid, or there is an error. `wanted` is asked anew for each time. */
export async function readPage(reader: PageReader, wanted: () => WantedPage): Promise<ApiResult<OrderPage>> {
  const { api, clock, random, signal } = reader;
  for (let attempt = 1; ; attempt += 1) {
    const { ledger, query, lay } = wanted();
    const ticket = ledger.beginRead();
    try {
      const page = await api.list(query, signal && { signal });
      if (!page.ok) return page;
      if (signal?.aborted) return { ok: false, error: { kind: "aborted" } };
      if (lay(page.value)) return page;
    } finally {
      ledger.endRead(ticket);
    }
    if (attempt >= MAX_OLD_PAGES) return TOO_OLD;
    await pause(clock, backOffDelay(BACK_OFF, attempt, random()), signal);
  }
}

const TOO_OLD: { ok: false; error: ApiError } = {
  ok: false,
  error: { kind: "unreachable", cause: "the server answers with pages older than its own changes" },
};
