import { AskedProcess } from "../asked-process.ts";
import type { LoadQuestion } from "./load-process.ts";
import { recordsOf, writeColumnsSchema, type WriteRecord } from "./write-record.ts";

export interface LoadOptions {
  readonly uri: string;
  /** At least so many orders stand there when the work begins. Default 2,000. */
  readonly orders?: number;
  readonly seed: number;
}

/** Sequence numbers of writes never come twice in a run of the bench. */
let nextSequence = 1;

/** The parent's side of the process that writes. */
export class Load {
  readonly #process: AskedProcess;

  private constructor(process: AskedProcess) {
    this.#process = process;
  }

  static async open({ uri, orders = 2000, seed }: LoadOptions): Promise<Load> {
    const load = new Load(AskedProcess.start("load/load-process.ts"));
    await load.#ask({ kind: "open", uri, orders, firstSequence: nextSequence, seed });
    return load;
  }

  /** The common work at `rate` writes a second; resolves when all of it is written. */
  async write(rate: number, seconds: number): Promise<readonly WriteRecord[]> {
    const records = recordsOf(writeColumnsSchema.parse(await this.#ask({ kind: "write", rate, seconds })));
    nextSequence = records.reduce((next, { key }) => Math.max(next, key + 1), nextSequence);
    return records;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  #ask(question: LoadQuestion): Promise<unknown> {
    return this.#process.ask(question);
  }
}
