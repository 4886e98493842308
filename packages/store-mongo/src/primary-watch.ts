import type { MongoClient, TopologyDescription } from "mongodb";

/** Knows the set's primary as the driver does, and tells when it is another one. */
export class PrimaryWatch {
  #primary: string | null = null;
  #onMove: ((why: string) => void) | null = null;

  constructor(client: MongoClient) {
    client.on("topologyDescriptionChanged", ({ newDescription }) => this.#see(newDescription));
  }

  /**
   * A signal that aborts when `signal` does, or when the primary is one no more: a stream on a member that stepped down,
   * or is cut off from the others, would show nothing more, and go on to give signs of life.
   */
  whileSame(signal: AbortSignal): AbortSignal {
    const moved = new AbortController();
    this.#onMove = (why) => moved.abort(new Error(why));
    return AbortSignal.any([signal, moved.signal]);
  }

  #see({ servers }: TopologyDescription): void {
    const primary = [...servers.values()].find(({ type }) => type === "RSPrimary")?.address ?? null;
    const before = this.#primary;
    this.#primary = primary;
    if (before === null || before === primary) return;
    this.#onMove?.(primary === null ? "No member is primary" : "Another member has become primary");
  }
}
