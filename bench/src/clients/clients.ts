import type { Status } from "@live-orders/protocol/status";
import { z } from "zod";
import { AskedProcess } from "../asked-process.ts";
import type { SeenByClients } from "./client-log.ts";
import type { ClientsQuestion } from "./clients-process.ts";
import type { DialectName } from "./dialect.ts";

export interface ClientsOptions {
  readonly port: number;
  readonly dialect: DialectName;
  readonly clients: number;
  /** What each client watches; they are dealt out one after the other. */
  readonly watched: readonly (readonly Status[])[];
}

const columnSchema = z.instanceof(Float64Array);
const seenSchema = z.object({
  received: columnSchema,
  sums: columnSchema,
  keys: columnSchema,
  at: columnSchema,
});

/** The parent's side of a process of clients. */
export class Clients {
  readonly #process: AskedProcess;

  private constructor(process: AskedProcess) {
    this.#process = process;
  }

  /** Resolves when all of them follow the feed. */
  static async open({ watched, ...options }: ClientsOptions): Promise<Clients> {
    const clients = new Clients(AskedProcess.start("clients/clients-process.ts"));
    await clients.#ask({ kind: "open", watched: watched.map((statuses) => [...statuses]), ...options });
    return clients;
  }

  /** From here on it counts; nothing may be on its way. */
  async begin(): Promise<void> {
    await this.#ask({ kind: "begin" });
  }

  async seen(): Promise<SeenByClients> {
    return seenSchema.parse(await this.#ask({ kind: "seen" }));
  }

  /** Ends all connections at once. */
  async cut(): Promise<void> {
    await this.#ask({ kind: "cut" });
  }

  /** See `comeBack` of the process. In ms. */
  async comeBack(expected: readonly number[]): Promise<number> {
    const answer = await this.#ask({ kind: "come-back", expected: [...expected] });
    return z.object({ ms: z.number() }).parse(answer).ms;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  #ask(question: ClientsQuestion): Promise<unknown> {
    return this.#process.ask(question);
  }
}
