import { setTimeout as delay } from "node:timers/promises";
import type { ApiResult } from "@live-orders/client/api-error";
import type { OrdersApi } from "@live-orders/client/orders-api";
import { STATUSES } from "@live-orders/protocol/status";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import { type Acknowledged, MARK } from "./audit.ts";
import type { DirectWriter } from "./databases/tested-database.ts";

export interface WriteLoadOptions {
  /** Whose writes are retried under their key; each writes to nodes that live. */
  readonly apis: readonly OrdersApi[];
  readonly direct: DirectWriter;
  readonly random: SeededRandom;
  /** Writes a second. */
  readonly rate: number;
  /** Ids of orders that stand. */
  readonly ids: readonly number[];
  /** Of the writes, those that go past the API: 0 to 1. */
  readonly directShare?: number;
  /** Its marks are counted from here: no two loads of one stage use the same. */
  readonly marksFrom: number;
}

export interface Written {
  readonly acknowledged: readonly Acknowledged[];
  /** Without an answer in the end: they may have been made. */
  readonly unknown: number;
  /** Answered as not possible: the order is gone, or stands already. */
  readonly refused: number;
  /** Not begun, since as many were under way as may be. */
  readonly heldBack: number;
}

/** What two loads wrote. */
export function together(one: Written, other: Written): Written {
  return {
    acknowledged: [...one.acknowledged, ...other.acknowledged],
    unknown: one.unknown + other.unknown,
    refused: one.refused + other.refused,
    heldBack: one.heldBack + other.heldBack,
  };
}

/** How a write came out. */
type Outcome = Acknowledged | "unknown" | "refused";

const MOST_UNDER_WAY = 400;
const TRIES = 6;
/** Direct writers take ids from here on, the API gives its own from below. */
const DIRECT_IDS = 1_000_000;

/** Writes at a steady rate through the API and past it, each with a mark that no other carries, until it is stopped. */
export class WriteLoad {
  readonly #options: WriteLoadOptions;
  readonly #stop = new AbortController();
  readonly #ids: number[];
  readonly #underWay = new Set<Promise<void>>();
  readonly #acknowledged: Acknowledged[] = [];
  #counts = { unknown: 0, refused: 0, heldBack: 0 };
  #marks: number;
  #running: Promise<void> = Promise.resolve();

  constructor(options: WriteLoadOptions) {
    this.#options = options;
    this.#ids = [...options.ids];
    this.#marks = options.marksFrom;
  }

  static start(options: WriteLoadOptions): WriteLoad {
    const load = new WriteLoad(options);
    load.#running = load.#run(load.#stop.signal);
    return load;
  }

  get acknowledged(): number {
    return this.#acknowledged.length;
  }

  /** Resolves when every write has its answer, or is given up. */
  async stop(): Promise<Written> {
    this.#stop.abort();
    await this.#running;
    await Promise.all(this.#underWay);
    return { acknowledged: this.#acknowledged, ...this.#counts };
  }

  async #run(signal: AbortSignal): Promise<void> {
    const beganMs = performance.now();
    for (let begun = 0; !signal.aborted; begun += 1) {
      const wait = beganMs + (begun * 1000) / this.#options.rate - performance.now();
      if (wait > 0) await delay(wait, undefined, { signal }).catch(() => undefined);
      if (this.#underWay.size >= MOST_UNDER_WAY) this.#counts.heldBack += 1;
      else this.#begin();
    }
  }

  #begin(): void {
    const write = this.#write()
      .catch((): Outcome => "unknown")
      .then((outcome) => {
        this.#note(outcome);
        this.#underWay.delete(write);
      });
    this.#underWay.add(write);
  }

  #note(outcome: Outcome): void {
    if (typeof outcome === "string") this.#counts[outcome] += 1;
    else this.#acknowledged.push(outcome);
  }

  #write(): Promise<Outcome> {
    const { random, directShare = 0.2 } = this.#options;
    this.#marks += 1;
    const mark = `${MARK}${this.#marks}`;
    const fields = { customer_name: "Ada", product_name: mark, status: random.pick(STATUSES) };
    return random.chance(directShare) ? this.#writeDirectly(fields) : this.#writeByApi(fields);
  }

  async #writeByApi(fields: Fields): Promise<Outcome> {
    const { random, apis } = this.#options;
    const [api, id, kind] = [random.pick(apis), random.pick(this.#ids), random.next()];
    if (kind < 0.1) return this.#created(await api.create(fields, { tries: TRIES }), fields);
    if (kind < 0.15) return removed(await api.remove(id, { tries: TRIES }));
    if (kind < 0.2) return marked(await api.put(id, fields, { tries: TRIES }), fields);
    return marked(await api.patch(id, fields, { tries: TRIES }), fields);
  }

  #created(result: Answer, fields: Fields): Outcome {
    if (result.ok) this.#ids.push(result.value.order.id);
    return marked(result, fields);
  }

  async #writeDirectly(fields: Fields): Promise<Outcome> {
    const { random, direct } = this.#options;
    const kind = random.next();
    const updated_at = new Date().toISOString();
    if (kind < 0.15) {
      const id = DIRECT_IDS + this.#marks;
      await direct.insert([{ id, ...fields, updated_at }]);
      this.#ids.push(id);
      return { kind: "marked", id, mark: fields.product_name };
    }
    const id = random.pick(this.#ids);
    if (kind < 0.2) return (await direct.remove(id)) ? { kind: "removed", id } : "refused";
    const wrote = await direct.update(id, { ...fields, updated_at });
    return wrote ? { kind: "marked", id, mark: fields.product_name } : "refused";
  }
}

interface Fields {
  readonly customer_name: string;
  readonly product_name: string;
  readonly status: (typeof STATUSES)[number];
}

type Answer = Awaited<ReturnType<OrdersApi["create"]>>;

function marked(result: Answer, { product_name }: Fields): Outcome {
  if (!result.ok) return failed(result);
  return { kind: "marked", id: result.value.order.id, mark: product_name };
}

function removed(result: Answer): Outcome {
  return result.ok ? { kind: "removed", id: result.value.order.id } : failed(result);
}

function failed({ error }: Extract<ApiResult<never>, { ok: false }>): Outcome {
  return error.kind === "problem" && error.problem.status < 500 ? "refused" : "unknown";
}
