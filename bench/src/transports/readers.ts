import { z } from "zod";
import { AskedProcess } from "../asked-process.ts";
import type { TransportName } from "./reader.ts";
import type { ReadersOrder } from "./readers-process.ts";

const countSchema = z.object({ requests: z.int(), empty: z.int(), bytes: z.number() });
const seenSchema = z.object({ latencies: z.array(z.number()), samples: z.int() });

/** The parent's side of a process of readers. */
export class Readers {
  readonly #process: AskedProcess;

  private constructor(process: AskedProcess) {
    this.#process = process;
  }

  static async open(url: string, transport: TransportName, clients: number): Promise<Readers> {
    const readers = new Readers(AskedProcess.start("transports/readers-process.ts"));
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

  close(): Promise<void> {
    return this.#process.close();
  }

  #ask(order: ReadersOrder): Promise<unknown> {
    return this.#process.ask(order);
  }
}
