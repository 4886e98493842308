import { etagOf } from "@live-orders/protocol/etag";
import {
  activitySchema,
  activityTimesSchema,
  type Activity,
  type ActivityRange,
  type ActivityTimes,
} from "@live-orders/protocol/http-activity";
import {
  changesAnswerSchema,
  changesCursorSchema,
  type ChangesAnswer,
  type ChangesCursor,
} from "@live-orders/protocol/http-changes";
import { orderHistorySchema, type OrderHistoryPage } from "@live-orders/protocol/http-history";
import {
  bulkAnswerSchema,
  countsSchema,
  orderAnswerSchema,
  orderPageSchema,
  type bulkOperationSchema,
  type BulkAnswer,
  type Counts,
  type OrderAnswer,
  type OrderPage,
} from "@live-orders/protocol/http-orders";
import type { importedOrderSchema, NewOrder, Order, OrderPatch } from "@live-orders/protocol/order";
import { formatSort, type Sort } from "@live-orders/protocol/order-query";
import type { Status } from "@live-orders/protocol/status";
import type { z } from "zod";
import type { ApiResult } from "./api-error.ts";
import { createHttpExchange, type HttpExchangeOptions, type HttpRequest } from "./http-exchange.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";

export interface OrdersApiOptions extends HttpExchangeOptions {
  /** `http://127.0.0.1:3000`, or nothing for the page's own origin. */
  readonly baseUrl?: string;
  readonly newKey?: () => string;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** How often to ask at most, while the error is transient (1). */
  readonly tries?: number;
}

export interface WriteOptions extends ReadOptions {
  /** The `Idempotency-Key`; a fresh one by default. Every try of one call sends the same (4 tries by default). */
  readonly key?: string;
  /** Write only if the order still stands as it is here. */
  readonly ifMatch?: Order;
}

export interface OrderListQuery {
  readonly statuses?: readonly Status[];
  readonly q?: string;
  readonly sort?: Sort;
  /** 1 to 500 (100). */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface ChangesQuery {
  readonly statuses?: readonly Status[];
  readonly after?: string;
  /** 1 to 1,000 (500). */
  readonly limit?: number;
  /** Seconds, 0 to 30. */
  readonly wait?: number;
}

export interface HistoryQuery {
  /** 1 to 500 (100). */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export type BulkOperationInput = z.input<typeof bulkOperationSchema>;
export type ImportedOrderInput = z.input<typeof importedOrderSchema>;

/** The HTTP side of the contract (section 3), typed. Nothing is thrown for what can be expected to go wrong. */
export interface OrdersApi {
  list(query?: OrderListQuery, options?: ReadOptions): Promise<ApiResult<OrderPage>>;
  counts(q?: string, options?: ReadOptions): Promise<ApiResult<Counts>>;
  get(id: number, options?: ReadOptions): Promise<ApiResult<OrderAnswer>>;
  create(order: NewOrder, options?: WriteOptions): Promise<ApiResult<OrderAnswer>>;
  patch(id: number, patch: OrderPatch, options?: WriteOptions): Promise<ApiResult<OrderAnswer>>;
  /** Creates the order under this id; `stale` if one stands there. */
  put(id: number, order: ImportedOrderInput, options?: WriteOptions): Promise<ApiResult<OrderAnswer>>;
  remove(id: number, options?: WriteOptions): Promise<ApiResult<OrderAnswer>>;
  /** 1 to 1,000 operations. */
  bulk(operations: readonly BulkOperationInput[], options?: WriteOptions): Promise<ApiResult<BulkAnswer>>;
  /** The order's changes, newest first; also of one that was deleted. */
  history(id: number, query?: HistoryQuery, options?: ReadOptions): Promise<ApiResult<OrderHistoryPage>>;
  /** What happened to all orders, and how many stood in each status. */
  activity(range: ActivityRange, options?: ReadOptions): Promise<ApiResult<Activity>>;
  /** How long orders took that became shipped or delivered. */
  activityTimes(range: ActivityRange, options?: ReadOptions): Promise<ApiResult<ActivityTimes>>;
  changes(query?: ChangesQuery, options?: ReadOptions): Promise<ApiResult<ChangesAnswer>>;
  /** A cursor that every change since then follows (RFC 3339, UTC, milliseconds). */
  cursorSince(since: string, options?: ReadOptions): Promise<ApiResult<ChangesCursor>>;
}

const WRITE_TRIES = 4;

function queryString(values: Record<string, string | number | readonly string[] | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

export function createOrdersApi(options: OrdersApiOptions = {}): OrdersApi {
  const { baseUrl = "", newKey = newIdempotencyKey } = options;
  const exchange = createHttpExchange(options);
  const orders = `${baseUrl.replace(/\/+$/, "")}/api/orders`;
  const activity = `${baseUrl.replace(/\/+$/, "")}/api/activity`;
  const changes = `${baseUrl.replace(/\/+$/, "")}/api/changes`;

  const read = <Value>(
    url: string,
    schema: z.ZodType<Value>,
    how: ReadOptions & { patience?: number } = {},
  ) => exchange({ method: "GET", url, tries: 1, ...how }, schema);

  const write = <Value>(
    request: Pick<HttpRequest, "method" | "url" | "body" | "headers">,
    schema: z.ZodType<Value>,
    how: WriteOptions = {},
  ) => {
    const { key = newKey(), ifMatch, ...rest } = how;
    const headers = {
      ...request.headers,
      "Idempotency-Key": key,
      ...(ifMatch && { "If-Match": etagOf(ifMatch) }),
    };
    return exchange({ tries: WRITE_TRIES, ...rest, ...request, headers }, schema);
  };

  return {
    list: ({ statuses, q, sort, limit, after } = {}, how) => {
      const query = {
        status: statuses,
        q: q === "" ? undefined : q,
        sort: sort && formatSort(sort),
        limit,
        after,
      };
      return read(orders + queryString(query), orderPageSchema, how);
    },
    counts: (q, how) =>
      read(`${orders}/counts${queryString({ q: q === "" ? undefined : q })}`, countsSchema, how),
    get: (id, how) => read(`${orders}/${id}`, orderAnswerSchema, how),
    create: (order, how) => write({ method: "POST", url: orders, body: order }, orderAnswerSchema, how),
    patch: (id, patch, how) =>
      write({ method: "PATCH", url: `${orders}/${id}`, body: patch }, orderAnswerSchema, how),
    put: (id, order, how) => {
      const headers = { "If-None-Match": "*" };
      return write({ method: "PUT", url: `${orders}/${id}`, body: order, headers }, orderAnswerSchema, how);
    },
    remove: (id, how) => write({ method: "DELETE", url: `${orders}/${id}` }, orderAnswerSchema, how),
    bulk: (operations, how) =>
      write({ method: "POST", url: `${orders}/bulk`, body: { operations } }, bulkAnswerSchema, how),
    history: (id, { limit, after } = {}, how) =>
      read(`${orders}/${id}/history${queryString({ limit, after })}`, orderHistorySchema, how),
    activity: (range, how) => read(`${activity}?range=${range}`, activitySchema, how),
    activityTimes: (range, how) => read(`${activity}/times?range=${range}`, activityTimesSchema, how),
    changes: ({ statuses, ...query } = {}, how) =>
      read(changes + queryString({ status: statuses, ...query }), changesAnswerSchema, {
        ...how,
        patience: (query.wait ?? 0) * 1000,
      }),
    cursorSince: (since, how) => read(`${changes}/cursor${queryString({ since })}`, changesCursorSchema, how),
  };
}
