import { Binary, type ClientSession, type CommandStartedEvent, type MongoClient } from "mongodb";
import { z } from "zod";

const commitSchema = z.object({ lsid: z.object({ id: z.instanceof(Binary) }) });

/**
 * Counts how often each commit was sent. The driver repeats one by itself; the answer to the second tells the time of
 * the answer, not that of the commit, and nothing else in it says so.
 */
export class CommitWatch {
  readonly #sent = new Map<string, number>();

  /** @param client one that monitors its commands */
  constructor(client: MongoClient) {
    client.on("commandStarted", (event) => this.#count(event));
  }

  /** Runs a transaction; `sent` in it tells how often its commit has been sent so far. */
  async watch<T>(session: ClientSession, run: (sent: () => number) => Promise<T>): Promise<T> {
    const name = session.id?.id.toString("base64") ?? "";
    this.#sent.set(name, 0);
    try {
      return await run(() => this.#sent.get(name) ?? 0);
    } finally {
      this.#sent.delete(name);
    }
  }

  #count({ commandName, command }: CommandStartedEvent): void {
    if (commandName !== "commitTransaction") return;
    const parsed = commitSchema.safeParse(command);
    const name = parsed.success ? parsed.data.lsid.id.toString("base64") : "";
    const sent = this.#sent.get(name);
    if (sent !== undefined) this.#sent.set(name, sent + 1);
  }
}
