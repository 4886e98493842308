import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { z } from "zod";
import type { TransportName } from "./reader.ts";
import type { ReadersOrder } from "./readers-process.ts";

const countSchema = z.object({ requests: z.int(), empty: z.int(), bytes: z.number() });
const seenSchema = z.object({ latencies: z.array(z.number()), samples: z.int() });

/** The parent's side of a process of readers. */
export class Readers {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async open(url: string, transport: TransportName, clients: number): Promise<Readers> {
    const program = path.join(import.meta.dirname, "readers-process.ts");
    const readers = new Readers(fork(program, { execArgv: ["--import", "tsx"] }));
    await readers.#ask({ kind: "open", url, transport, clients });
    return readers;
  }

  async begin(): Promise<void> {
    await this.#ask({ kind: "begin" });
  }

  async count(): Promise<z.infer<typeof countSchema>> {
    return countSchema.parse(await this.#ask({ kind: "count" }));
  }

  async seen(): Promise<z.infer<typeof seenSchema>> {
    return seenSchema.parse(await this.#ask({ kind: "seen" }));
  }

  async close(): Promise<void> {
    const gone = once(this.#child, "exit");
    this.#child.disconnect();
    await gone;
  }

  async #ask(order: ReadersOrder): Promise<unknown> {
    const answer = new Promise<unknown>((resolve, reject) => {
      const failed = (code: number | null) => {
        reject(new Error(`The readers ended with ${code}`));
      };
      this.#child.once("exit", failed);
      this.#child.once("message", (message) => {
        this.#child.off("exit", failed);
        resolve(message);
      });
    });
    this.#child.send(order);
    return answer;
  }
}
