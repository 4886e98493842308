import type { Change } from "@live-orders/protocol/change";
import { etagOf } from "@live-orders/protocol/etag";
import type { BulkOperation } from "@live-orders/protocol/http-orders";
import { newOrderSchema, orderPatchSchema, type Order } from "@live-orders/protocol/order";
import { searchMatcher, sortSchema } from "@live-orders/protocol/order-query";
import { problem, type ProblemSlug } from "@live-orders/protocol/problem";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import type { OrderHistory } from "./order-history.ts";

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly key: string | undefined;
  readonly ifMatch: string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What the routes of orders answer, from a history in RAM. */
export class OrderAnswers {
  readonly #history: OrderHistory;
  readonly #publish: () => void;
  readonly #answers = new Map<string, Answer>();

  /** `publish` is called after each change that a request makes. */
  constructor(history: OrderHistory, publish: () => void) {
    this.#history = history;
    this.#publish = publish;
  }

  /** A repeat of a write gets the first answer. */
  once(request: FakeRequest): Answer {
    if (request.key === undefined) return this.#answer(request);
    const name = `${request.key} ${request.method} ${request.path}`;
    const answer = this.#answers.get(name) ?? this.#answer(request);
    this.#answers.set(name, answer);
    return answer;
  }

  #answer(request: FakeRequest): Answer {
    const { method, path } = request;
    if (path === "/api/orders" && method === "GET") return this.#list(request.query);
    if (path === "/api/orders" && method === "POST") return this.#create(request.body, request.key);
    if (path === "/api/orders/counts")
      return { status: 200, body: this.counts(request.query.get("q") ?? undefined) };
    if (path === "/api/orders/bulk") {
      const { operations } = request.body as { operations: BulkOperation[] };
      return { status: 200, body: { results: operations.map((operation) => this.#operate(operation)) } };
    }
    const id = Number(path.slice("/api/orders/".length));
    const order = this.#history.get(id);
    if (method === "PUT") return this.#put(id, request.body);
    if (order === undefined) return refusal("not-found", `there is no order ${id}`);
    if (method === "GET") return { status: 200, body: { order, position: this.#history.position } };
    if (request.ifMatch !== undefined && request.ifMatch !== etagOf(order))
      return refusal("stale", "the order has changed", order);
    return method === "DELETE" ? this.#remove(order) : this.#patch(order, request.body);
  }

  #list(query: URLSearchParams): Answer {
    const statuses = query.getAll("status") as Status[];
    const sort = query.get("sort");
    const page = this.#history.page({
      statuses: statuses.length === 0 ? STATUSES : statuses,
      q: query.get("q") ?? "",
      limit: Number(query.get("limit") ?? 100),
      after: query.get("after") ?? undefined,
      ...(sort !== null && { sort: sortSchema.parse(sort) }),
    });
    return { status: 200, body: page };
  }

  counts(q = "") {
    const rows = this.#history.rows().filter(searchMatcher(q));
    const of = (status: Status) => rows.filter((order) => order.status === status).length;
    const [pending, shipped, delivered] = [of("pending"), of("shipped"), of("delivered")];
    return { pending, shipped, delivered, total: rows.length, position: this.#history.position };
  }

  #create(body: unknown, key: string | undefined): Answer {
    const parsed = newOrderSchema.safeParse(body);
    if (!parsed.success) return refusal("validation", "the order is not valid");
    const change = this.#told(this.#history.insert(parsed.data, key === undefined ? {} : { key }));
    return { status: 201, body: { order: change.after, position: change.position } };
  }

  #put(id: number, body: unknown): Answer {
    const standing = this.#history.get(id);
    if (standing !== undefined) return refusal("stale", "an order stands there", standing);
    const change = this.#told(this.#history.insert(newOrderSchema.parse(body), { id }));
    return { status: 201, body: { order: change.after, position: change.position } };
  }

  #patch(order: Order, body: unknown): Answer {
    const patch = orderPatchSchema.safeParse(body);
    if (!patch.success) return refusal("validation", "the patch is not valid");
    const change = this.#told(this.#history.update(order.id, patch.data));
    return { status: 200, body: { order: change.after, position: change.position } };
  }

  #remove(order: Order): Answer {
    const change = this.#told(this.#history.remove(order.id));
    return { status: 200, body: { order, position: change.position } };
  }

  #operate(operation: BulkOperation): unknown {
    const answer = this.#operation(operation);
    if (answer.status >= 400) return { status: answer.status, problem: answer.body };
    return { status: answer.status, ...(answer.body as object) };
  }

  #operation(operation: BulkOperation): Answer {
    if (operation.op === "create") return this.#create(operation.order, undefined);
    if (operation.op === "put") return this.#put(operation.id, operation.order);
    const order = this.#history.get(operation.id);
    if (order === undefined) return refusal("not-found", `there is no order ${operation.id}`);
    return operation.op === "delete" ? this.#remove(order) : this.#patch(order, operation.order);
  }

  #told(change: Change): Change {
    this.#publish();
    return change;
  }
}

export function refusal(slug: ProblemSlug, detail: string, current?: Order): Answer {
  const about = { detail, requestId: "fake", ...(current !== undefined && { current }) };
  const body = problem(slug, about);
  return { status: body.status, body };
}
