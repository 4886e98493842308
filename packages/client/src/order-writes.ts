import type { OrderAnswer } from "@live-orders/protocol/http-orders";
import type { NewOrder, Order, OrderPatch } from "@live-orders/protocol/order";
import type { Position } from "@live-orders/protocol/position";
import { isTransient, problemSlug, type ApiError, type ApiResult } from "./api-error.ts";
import { backOffDelay } from "./back-off.ts";
import type { Clock } from "./clock.ts";
import type { EditOptions, PendingWrite, RowId, WriteFailure, WriteOutcome } from "./live-orders.ts";
import { conflictingFields } from "./merge.ts";
import type { OrdersApi } from "./orders-api.ts";
import type { OverlayEntry, OverlayWrite } from "./overlay.ts";
import { RequestGate } from "./request-gate.ts";
import { WakeablePauses } from "./wakeable-pause.ts";
import { WriteChains } from "./write-chains.ts";
import type { WriteIntent, WriteIntentOf } from "./write-intent.ts";
import { WriteOutbox, type OutboxStore } from "./write-outbox.ts";

/** What the writes do to the collection. Each is seen as one step. */
export interface WriteHost {
  confirmed(id: RowId): Order | undefined;
  lay(entry: OverlayEntry): void;
  /** The write is done: its answer goes beneath, its overlay off. `order` is null when it was deleted. */
  settle(key: string, answer: { id: number; order: Order | null; position: Position }): void;
  /** The write is not done: its overlay goes off, and the row says why. */
  fail(key: string, id: RowId, failure: WriteFailure): void;
  /** The write waits for the server to be reached again, or no more. */
  waits(key: string, waiting: boolean): void;
}

export interface OrderWritesOptions {
  readonly api: OrdersApi;
  readonly host: WriteHost;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newKey: () => string;
  /** The server's clock, in milliseconds since 1970, as well as it is known. */
  readonly serverNow: () => number;
  /** Told of what the server's clock said, and when the request went out. */
  readonly sawWrite: (committedAt: number, sent: number) => void;
  readonly outbox: OutboxStore;
}

type Send = () => Promise<ApiResult<OrderAnswer>>;

const BACK_OFF = { base: 500, cap: 15_000 };
/** A key is kept for 24 hours: past that a repeat might be a second write. In milliseconds. */
const MAX_AGE = 23 * 60 * 60 * 1000;
/** Requests under way at a time: a browser would queue more itself, and their time-outs would run all the while. */
const MAX_AT_ONCE = 6;
/** How often an edit is made anew on what others wrote meanwhile. */
const MAX_MERGES = 8;
/** How many ids of created rows are remembered by their temporary ones. */
const MAX_ALIASES = 10_000;

/**
 * Optimistic writes: shown at once, sent in order for each row, each made at most once (its `Idempotency-Key`), repeated
 * for as long as the server cannot be reached, kept over a reload, and rolled back with the reason when refused.
 *
 * An edit goes out with `If-Match` of the version it was made on. When others have written meanwhile and touched other
 * fields, it is made anew on theirs; when they touched the same one, it fails as a conflict.
 */
export class OrderWrites {
  readonly #options: OrderWritesOptions;
  readonly #chains = new WriteChains<WriteOutcome>();
  readonly #gate = new RequestGate(MAX_AT_ONCE);
  readonly #pauses: WakeablePauses;
  readonly #outbox: WriteOutbox;
  readonly #aliases = new Map<RowId, number>();
  #lastTemporary = 0;

  constructor(options: OrderWritesOptions) {
    this.#options = options;
    this.#pauses = new WakeablePauses(options.clock);
    this.#outbox = new WriteOutbox(options.outbox);
  }

  /** The id that the server gave a row created here, or the id itself. */
  realId(id: RowId): RowId {
    return this.#aliases.get(id) ?? id;
  }

  /** The server can be reached again: what waits is sent now. */
  retryNow(): void {
    this.#pauses.wake();
  }

  /** Takes up the writes that were on their way when the page was left. */
  resume(): PendingWrite[] {
    const intents = this.#outbox.load();
    this.#lastTemporary = Math.min(this.#lastTemporary, ...intents.map(({ id }) => id));
    return intents.map((intent) => this.#enqueue(intent));
  }

  create(order: NewOrder): PendingWrite {
    this.#lastTemporary -= 1;
    return this.#enqueue({ kind: "create", ...this.#unsent(this.#lastTemporary), order });
  }

  restore(order: Order): PendingWrite {
    return this.#enqueue({ kind: "restore", ...this.#unsent(order.id), order });
  }

  /** `seen` is the row as it was shown when the edit was made. */
  edit(row: RowId, patch: OrderPatch, seen: Order, options: EditOptions = {}): PendingWrite {
    const { base = null, force = false } = options;
    return this.#enqueue({ kind: "edit", ...this.#unsent(row), patch, seen, base, force });
  }

  remove(row: RowId, options: EditOptions = {}): PendingWrite {
    const base = options.force === true ? null : (options.base ?? null);
    return this.#enqueue({ kind: "remove", ...this.#unsent(row), base });
  }

  /** The row created here as `temporary` is the server's `id`. */
  alias(temporary: RowId, id: number): void {
    if (temporary >= 0 || this.#aliases.has(temporary)) return;
    this.#aliases.set(temporary, id);
    this.#chains.join(temporary, id);
    this.#outbox.rebind(temporary, id);
    const [oldest] = this.#aliases.keys();
    if (this.#aliases.size > MAX_ALIASES && oldest !== undefined) this.#aliases.delete(oldest);
  }

  #unsent(row: RowId) {
    const { newKey, serverNow } = this.#options;
    return { key: newKey(), id: this.realId(row), madeAt: serverNow(), sentAt: null };
  }

  #enqueue(intent: WriteIntent): PendingWrite {
    const { id, key } = intent;
    this.#outbox.add(intent);
    this.#options.host.lay({ key, id, ...this.#shown(intent) });
    const done = this.#chains.run(id, async (before) => {
      const outcome = await this.#send(intent, before);
      this.#outbox.remove(key);
      return outcome;
    });
    return { id, key, done };
  }

  #shown(intent: WriteIntent): OverlayWrite {
    switch (intent.kind) {
      case "create": {
        const { status = "pending", ...names } = intent.order;
        const updated_at = new Date(this.#options.serverNow()).toISOString();
        return { kind: "create", order: { ...names, status, id: intent.id, updated_at } };
      }
      case "restore":
        return { kind: "restore", order: intent.order };
      case "edit":
        return { kind: "edit", patch: intent.patch, base: intent.seen };
      case "remove":
        return { kind: "remove" };
    }
  }

  #send(intent: WriteIntent, before: WriteOutcome | null): Promise<WriteOutcome> {
    switch (intent.kind) {
      case "create":
      case "restore":
        return this.#create(intent);
      case "edit": {
        // Made on the version shown, or on what the write before it came to.
        const follows = before === null ? intent.seen : before.ok ? before.order : null;
        return this.#edit(intent, intent.base ?? follows);
      }
      case "remove":
        return this.#remove(intent);
    }
  }

  async #create(intent: WriteIntentOf<"create"> | WriteIntentOf<"restore">): Promise<WriteOutcome> {
    const { key, id, order: mine } = intent;
    const { api, clock, host, sawWrite } = this.#options;
    const sent = intent.sentAt ?? clock.now();
    const how = { key, tries: 1 };
    const { customer_name, product_name, status = "pending" } = mine;
    const send = () =>
      intent.kind === "create"
        ? api.create(mine, how)
        : api.put(id, { customer_name, product_name, status }, how);
    const result = await this.#insist(intent, send);
    if (!result.ok) return this.#failed(intent, { kind: "refused", error: result.error, mine });
    const { order, position } = result.value;
    sawWrite(Date.parse(order.updated_at), sent);
    this.alias(id, order.id);
    host.settle(key, { id: order.id, order, position });
    return { ok: true, order, position };
  }

  async #edit(intent: WriteIntentOf<"edit">, onto: Order | null): Promise<WriteOutcome> {
    const { key, patch, seen, madeAt } = intent;
    const { host, newKey } = this.#options;
    const id = this.realId(intent.id);
    if (id < 0) return this.#failed(intent, { kind: "gone", mine: patch });
    let base = onto ?? host.confirmed(id) ?? null;
    for (let merges = 0; ; merges += 1) {
      const result = await this.#patch(intent, id, base, merges === 0 ? key : newKey());
      if (result.ok) {
        const { order, position } = result.value;
        host.settle(key, { id, order, position });
        return { ok: true, order, position };
      }
      const theirs = currentOf(result.error);
      if (theirs === null) return this.#failed(intent, failureOf(result.error, patch));
      const from = base ?? seen;
      if (merges >= MAX_MERGES || conflictingFields(from, patch, theirs).length > 0)
        return this.#failed(intent, { kind: "conflict", base: from, mine: patch, theirs, madeAt });
      base = theirs;
    }
  }

  async #patch(
    intent: WriteIntentOf<"edit">,
    id: number,
    base: Order | null,
    key: string,
  ): Promise<ApiResult<OrderAnswer>> {
    const { api, clock, sawWrite } = this.#options;
    const sent = intent.sentAt ?? clock.now();
    const condition = base === null || intent.force ? {} : { ifMatch: base };
    const send = () => api.patch(id, intent.patch, { key, tries: 1, ...condition });
    const result = await this.#insist(intent, send);
    // A patch that changed nothing keeps its old date.
    if (result.ok && base !== null && result.value.order.updated_at !== base.updated_at)
      sawWrite(Date.parse(result.value.order.updated_at), sent);
    return result;
  }

  async #remove(intent: WriteIntentOf<"remove">): Promise<WriteOutcome> {
    const { key, base, madeAt } = intent;
    const { api, host } = this.#options;
    const id = this.realId(intent.id);
    if (id < 0) return this.#failed(intent, { kind: "gone", mine: null });
    const condition = base === null ? {} : { ifMatch: base };
    const result = await this.#insist(intent, () => api.remove(id, { key, tries: 1, ...condition }));
    if (result.ok) {
      const { order, position } = result.value;
      host.settle(key, { id, order: null, position });
      return { ok: true, order, position };
    }
    const theirs = currentOf(result.error);
    if (theirs === null || base === null) return this.#failed(intent, failureOf(result.error, null));
    return this.#failed(intent, { kind: "conflict", base, mine: null, theirs, madeAt });
  }

  #failed({ key, id }: WriteIntent, failure: WriteFailure): WriteOutcome {
    this.#options.host.fail(key, this.realId(id), failure);
    return { ok: false, failure };
  }

  /** Sends until there is an answer, or the key has grown too old for a repeat to be safe. */
  async #insist({ key, sentAt }: WriteIntent, send: Send): Promise<ApiResult<OrderAnswer>> {
    const { clock, random, host } = this.#options;
    const begun = sentAt ?? clock.now();
    if (clock.now() - begun > MAX_AGE) return TOO_OLD;
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#gate.run(() => {
        this.#outbox.sent(key, clock.now());
        return send();
      });
      const settled = result.ok || !isTransient(result.error) || clock.now() - begun > MAX_AGE;
      if (attempt > 1 || !settled) host.waits(key, !settled);
      if (settled) return result;
      await this.#pauses.pause(waitBefore(result.error, attempt, random()));
    }
  }
}

const TOO_OLD: ApiResult<OrderAnswer> = {
  ok: false,
  error: { kind: "unreachable", cause: "it was sent too long ago for a repeat to be safe" },
};

function waitBefore(error: ApiError, attempt: number, roll: number): number {
  const asked = error.kind === "problem" ? (error.retryAfter ?? 0) : 0;
  return Math.max(Math.min(asked, BACK_OFF.cap), backOffDelay(BACK_OFF, attempt, roll));
}

/** The order as it stands, where the server would not write over it. */
const currentOf = (error: ApiError): Order | null =>
  error.kind === "problem" && problemSlug(error) === "stale" ? (error.problem.current ?? null) : null;

const failureOf = (error: ApiError, mine: OrderPatch | null): WriteFailure =>
  problemSlug(error) === "not-found" ? { kind: "gone", mine } : { kind: "refused", error, mine };
