import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@live-orders/testkit/eventually";
import { audit } from "./audit.ts";
import type { DatabaseKind } from "./databases/tested-database.ts";
import { type Footprint, footprintOf } from "./footprint.ts";
import { storiesThatDiffer } from "./history-audit.ts";
import { Measures } from "./measures.ts";
import type { Readers } from "./readers.ts";
import { type ApiNode, Stage, type StageOptions } from "./stage.ts";
import type { Written } from "./write-load.ts";

/** `full`: as the table of faults has it. `quick`: smaller and shorter, for every run of the tests. */
export type Scale = "full" | "quick";

/** One row of the table of faults. */
export interface Fault {
  readonly number: number;
  readonly name: string;
  readonly passesWhen: string;
  readonly databases: readonly DatabaseKind[];
  readonly run: (trial: Trial) => Promise<void>;
}

const WARM_UP_MS = 10_000;
const BACK_WITHIN_MS = 60_000;
const TOLERANCE = 1.1;

/** One run of one fault on one database: its stages, its figures, and the checks that are the same after every fault. */
export class Trial {
  readonly database: DatabaseKind;
  readonly scale: Scale;
  readonly measures = new Measures();
  readonly #stages: Stage[] = [];

  constructor(database: DatabaseKind, scale: Scale) {
    this.database = database;
    this.scale = scale;
  }

  /** A number by the scale. */
  by(full: number, quick: number): number {
    return this.scale === "full" ? full : quick;
  }

  async open(options: Omit<StageOptions, "database">): Promise<Stage> {
    const stage = await Stage.open({ ...options, database: this.database });
    this.#stages.push(stage);
    return stage;
  }

  /** Every client equals a query, and nothing was lost, applied twice, out of order or shown that never was. */
  async check(stage: Stage, readers: Readers, written: Written): Promise<void> {
    const { measures } = this;
    const { differences } = await stage.settle(readers);
    measures.none("rows that differ from a query", differences);
    const log = await stage.database.log();
    const verdict = audit({
      before: stage.before,
      log,
      acknowledged: written.acknowledged,
      readers: readers.records,
    });
    measures.note("writes acknowledged", written.acknowledged.length);
    measures.note("writes without an answer", written.unknown);
    measures.none("acknowledged writes lost", verdict.lostWrites);
    measures.none("writes made twice", verdict.writtenTwice);
    measures.none("changes lost", verdict.lost);
    measures.none("changes applied twice", verdict.twice);
    measures.none("changes out of order", verdict.outOfOrder);
    measures.none("states shown that never were", verdict.neverWere);
    if (stage.hasHistory) {
      const differing = await storiesThatDiffer(stage.api(), log);
      measures.none("orders whose history differs from the database's log", differing.length);
      for (const one of differing.slice(0, 2)) measures.finding(one);
    }
    for (const example of verdict.examples) measures.finding(example);
  }

  /** What the nodes hold once they are warm, to compare with afterwards: what V8 compiles at first is no leak. */
  async footprint(nodes: readonly ApiNode[]): Promise<Footprint> {
    await delay(this.by(WARM_UP_MS, 0));
    return footprintOf(nodes);
  }

  /** Sockets, descriptors and heap are back within 10 % after a minute at the latest. For that, quick runs have no time. */
  async checkFootprint(nodes: readonly ApiNode[], before: Footprint): Promise<void> {
    if (this.scale === "quick") return;
    let after: Footprint = NOT_SEEN;
    const isBack = async (): Promise<boolean> => {
      after = await footprintOf(nodes);
      return PARTS.every((part) => !(after[part] > before[part] * TOLERANCE));
    };
    await eventually(isBack, { within: BACK_WITHIN_MS, every: 3_000 }).catch(() => undefined);
    for (const part of PARTS) {
      if (Number.isNaN(before[part])) this.measures.remark(`${part} were not looked at: there is no /proc`);
      else this.measures.sizeAtMost(`${part} afterwards`, (after[part] / before[part] - 1) * 100, 10, "%");
    }
  }

  async end(): Promise<void> {
    for (const stage of this.#stages.splice(0).reverse()) await stage.dispose();
  }
}

const PARTS = ["sockets", "descriptors", "heap"] as const;
/** A footprint that could not be taken is beyond every bound. */
const NOT_SEEN: Footprint = {
  sockets: Number.POSITIVE_INFINITY,
  descriptors: Number.POSITIVE_INFINITY,
  heap: Number.POSITIVE_INFINITY,
};
