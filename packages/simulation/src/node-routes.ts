import { etagOf } from "@live-orders/protocol/etag";
import { bulkBodySchema, type BulkResult } from "@live-orders/protocol/http-orders";
import { newOrderSchema, orderFieldsSchema, orderPatchSchema } from "@live-orders/protocol/order";
import { DEFAULT_SORT, sortSchema } from "@live-orders/protocol/order-query";
import { problem, PROBLEMS, type ProblemSlug } from "@live-orders/protocol/problem";
import { statusSchema, STATUSES } from "@live-orders/protocol/status";
import type { Relay } from "@live-orders/relay/relay";
import { decodeCursor, encodeCursor } from "@live-orders/store/cursor-parts";
import { type OrderStore, StoreUnavailableError } from "@live-orders/store/order-store";
import type { WriteOperation, WriteResult } from "@live-orders/store/write-plan";
import { z } from "zod";

/** A request as it arrives at a node. */
export interface NodeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

/** An answer that is a problem. */
export const refuse = (slug: ProblemSlug, current?: Parameters<typeof problem>[1]["current"]): Response =>
  json(PROBLEMS[slug].status, problem(slug, { detail: slug, requestId: "-", ...(current && { current }) }));

export const statusesOf = (url: URL) => {
  const asked = url.searchParams.getAll("status").map((status) => statusSchema.parse(status));
  return asked.length > 0 ? asked : [...STATUSES];
};

/** The routes that the client uses, over the seams that the API's own routes use. */
export async function answerRequest(
  store: OrderStore,
  relay: Relay,
  request: NodeRequest,
): Promise<Response> {
  try {
    const { pathname } = request.url;
    if (pathname === "/api/changes") return await answerChanges(relay, request);
    if (pathname === "/api/orders" && request.method === "GET") return await answerPage(store, request.url);
    if (pathname === "/api/orders/counts")
      return json(200, await store.counts(request.url.searchParams.get("q") ?? ""));
    if (request.method === "GET") return await answerGet(store, idOf(pathname));
    if (pathname === "/api/orders/bulk") return await answerBulk(store, request);
    return await answerWrite(store, request);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return refuse("unavailable");
    if (error instanceof z.ZodError) return refuse("validation");
    throw error;
  }
}

const idOf = (pathname: string): number => z.coerce.number().int().parse(pathname.split("/").at(-1));

async function answerPage(store: OrderStore, url: URL): Promise<Response> {
  const { searchParams } = url;
  const page = await store.page({
    statuses: statusesOf(url),
    q: searchParams.get("q") ?? "",
    sort: sortSchema.optional().parse(searchParams.get("sort") ?? undefined) ?? DEFAULT_SORT,
    limit: Number(searchParams.get("limit") ?? 100),
    after: searchParams.get("after"),
  });
  if (page.kind !== "page") return refuse("validation");
  const { orders, next, at } = page;
  return json(200, { orders, next, position: at.position, cursor: encodeCursor(at) });
}

async function answerGet(store: OrderStore, id: number): Promise<Response> {
  const { order, position } = await store.get(id);
  return order === null ? refuse("not-found") : json(200, { order, position }, { ETag: etagOf(order) });
}

function operationOf({ method, url, headers, body }: NodeRequest): WriteOperation {
  const order: unknown = body === null ? null : JSON.parse(body);
  if (method === "POST") return { op: "create", order: newOrderSchema.parse(order) };
  const id = idOf(url.pathname);
  if (method === "PUT") return { op: "put", id, order: orderFieldsSchema.parse(order) };
  const ifMatch = headers.get("If-Match");
  const match = ifMatch === null ? {} : { ifMatch };
  if (method === "DELETE") return { op: "delete", id, ...match };
  return { op: "patch", id, order: orderPatchSchema.parse(order), ...match };
}

function idempotencyOf({ method, url, headers, body }: NodeRequest) {
  const key = headers.get("Idempotency-Key");
  return key === null ? {} : { idempotency: { key, fingerprint: `${method} ${url.pathname} ${body ?? ""}` } };
}

async function answerWrite(store: OrderStore, request: NodeRequest): Promise<Response> {
  const operation = operationOf(request);
  const answer = await store.write({ operations: [operation], ...idempotencyOf(request) });
  if (answer.kind === "key-conflict") return refuse("key-conflict");
  const [result] = answer.results;
  if (result === undefined || result.kind === "not-found") return refuse("not-found");
  if (result.kind === "stale") return refuse("stale", result.current ?? undefined);
  const created = operation.op === "create" || operation.op === "put";
  return json(created ? 201 : 200, { order: result.order, position: result.position });
}

const bulkResult = (result: WriteResult): BulkResult => {
  if (result.kind === "written" || result.kind === "unchanged") {
    return { status: 200, order: result.order, position: result.position };
  }
  const slug = result.kind === "stale" ? "stale" : "not-found";
  return { status: PROBLEMS[slug].status, problem: problem(slug, { detail: slug, requestId: "-" }) };
};

async function answerBulk(store: OrderStore, request: NodeRequest): Promise<Response> {
  const { operations } = bulkBodySchema.parse(JSON.parse(request.body ?? "null"));
  const asked = operations.map((operation): WriteOperation => {
    if (operation.op === "create" || operation.op === "delete" || operation.op === "patch") {
      return dropUndefined(operation);
    }
    return { op: "put", id: operation.id, order: dropUndefined(operation.order) };
  });
  const answer = await store.write({ operations: asked, ...idempotencyOf(request) });
  return answer.kind === "key-conflict"
    ? refuse("key-conflict")
    : json(200, { results: answer.results.map(bulkResult) });
}

/** An absent optional field, rather than one that is undefined. */
const dropUndefined = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  JSON.parse(JSON.stringify(value)) as { [K in keyof T]: Exclude<T[K], undefined> };

async function answerChanges(relay: Relay, { url, signal }: NodeRequest): Promise<Response> {
  const cursor = url.searchParams.get("after");
  const after = cursor === null ? null : decodeCursor(cursor);
  if (cursor !== null && after === null) return refuse("validation");
  const limit = Number(url.searchParams.get("limit") ?? 500);
  const waitMs = 1000 * Number(url.searchParams.get("wait") ?? 0);
  const outcome = await relay.read({ statuses: statusesOf(url), after, limit, waitMs, signal });
  if (outcome.kind === "lost") return refuse("history-lost");
  if (outcome.kind === "unavailable") return refuse("unavailable");
  return json(200, { ...outcome.batch.decode(), more: outcome.more });
}
