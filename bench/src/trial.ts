import { STATUSES, type Status } from "@live-orders/protocol/status";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AskedProcess } from "./asked-process.ts";
import { Clients } from "./clients/clients.ts";
import { type Deliveries, deliveriesOf, latenciesOf } from "./deliveries.ts";
import { Load } from "./load/load.ts";
import { processCpu } from "./process-cpu.ts";
import { processMemory } from "./process-memory.ts";
import { type RunningTarget, startTarget, type Target } from "./target.ts";

/** One client in each room of one status, and so on round. */
export const THREE_ROOMS: readonly (readonly Status[])[] = STATUSES.map((status) => [status]);
export const ALL_STATUSES: readonly (readonly Status[])[] = [STATUSES];

/** A server, its clients and a writer, each a process of its own. */
export interface TrialOptions {
  readonly uri: string;
  readonly target: Target;
  readonly clients: number;
  readonly watched: readonly (readonly Status[])[];
  readonly seed: number;
}

export interface TrialFigures extends Deliveries {
  /** Of the server, over the writes and what follows them, in seconds. */
  readonly cpu: number;
  /** Of the server at the end, in bytes. */
  readonly memory: number;
}

/** What can be run at a rate: a server with its clients, or the floor. */
interface Runnable {
  run(rate: number, seconds: number): Promise<TrialFigures>;
  close(): Promise<void>;
}

/** How long after the last write its change may still come, in ms; longer than the interval of those that poll. */
const TAIL_MS = 1200;
/** Processes that have just started compile what they run: a second of it is not measured. */
const WARM_UP_SECONDS = 1.5;
/** For what was begun before to come to rest, in ms. */
const SETTLE_MS = 500;

export class Trial implements Runnable {
  readonly #options: TrialOptions;
  readonly #server: RunningTarget;
  readonly clients: Clients;
  readonly #load: Load;

  private constructor(options: TrialOptions, server: RunningTarget, clients: Clients, load: Load) {
    this.#options = options;
    this.#server = server;
    this.clients = clients;
    this.#load = load;
  }

  static async open(options: TrialOptions): Promise<Trial> {
    const { uri, target, seed } = options;
    const load = await Load.open({ uri, seed });
    const server = await startTarget(target, uri);
    const { port } = server;
    const clients = await Clients.open({ port, dialect: target.dialect, ...pick(options) });
    await delay(SETTLE_MS);
    return new Trial(options, server, clients, load);
  }

  async warmUp(rate: number): Promise<void> {
    await this.#load.write(rate, WARM_UP_SECONDS);
    await delay(TAIL_MS);
  }

  async run(rate: number, seconds: number): Promise<TrialFigures> {
    const { target, watched } = this.#options;
    const { pid } = this.#server;
    await this.clients.begin();
    const before = await processCpu(pid);
    const writes = await this.#load.write(rate, seconds);
    await delay(TAIL_MS);
    const cpu = (await processCpu(pid)) - before;
    const seen = await this.clients.seen();
    return { ...deliveriesOf(target, writes, watched, seen), cpu, memory: await processMemory(pid) };
  }

  async close(): Promise<void> {
    await this.clients.close();
    await this.#load.close();
    await this.#server.close();
  }
}

const pick = ({ clients, watched }: TrialOptions) => ({ clients, watched });

const arrivalsSchema = z.object({ keys: z.instanceof(Float64Array), at: z.instanceof(Float64Array) });

/** The floor: a program that reads the change stream and pushes nothing. */
export class BareStreamTrial implements Runnable {
  readonly #process: AskedProcess;
  readonly #load: Load;

  private constructor(process: AskedProcess, load: Load) {
    this.#process = process;
    this.#load = load;
  }

  static async open({ uri, seed }: Pick<TrialOptions, "uri" | "seed">): Promise<BareStreamTrial> {
    const load = await Load.open({ uri, seed });
    const process = AskedProcess.start("baselines/bare-stream.ts", { DATABASE_URL: uri });
    await process.ask({ kind: "begin" });
    await delay(2 * SETTLE_MS);
    return new BareStreamTrial(process, load);
  }

  async warmUp(rate: number): Promise<void> {
    await this.#load.write(rate, WARM_UP_SECONDS);
    await delay(TAIL_MS);
  }

  async run(rate: number, seconds: number): Promise<TrialFigures> {
    const { pid } = this.#process;
    await this.#process.ask({ kind: "begin" });
    const before = await processCpu(pid);
    const writes = await this.#load.write(rate, seconds);
    await delay(TAIL_MS);
    const cpu = (await processCpu(pid)) - before;
    const seen = arrivalsSchema.parse(await this.#process.ask({ kind: "seen" }));
    const delivered = seen.keys.length;
    return {
      writes: writes.length,
      delivered,
      missed: Math.max(0, writes.length - delivered),
      doubled: Math.max(0, delivered - writes.length),
      latencies: latenciesOf(writes, seen),
      cpu,
      memory: await processMemory(pid),
    };
  }

  async close(): Promise<void> {
    await this.#load.close();
    await this.#process.close();
  }
}
