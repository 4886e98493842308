import type { MongoClient, TopologyDescription } from "mongodb";

/** Knows the set's primary as the driver does, and tells when it is another one. */
export class PrimaryWatch {
  #primary: string | null = null;
  #onMove: (() => void) | null = null;

  constructor(client: MongoClient) {
    client.on("topologyDescriptionChanged", ({ newDescription }) => this.#see(newDescription));
  }

  /**
   * A signal that aborts when `signal` does, or when another member becomes primary: a stream on the old one, cut off
   * from the others, would show nothing more and say nothing of it.
   */
  whileSame(signal: AbortSignal): AbortSignal {
    const moved = new AbortController();
    this.#onMove = () => moved.abort(new Error("Another member has become primary"));
    return AbortSignal.any([signal, moved.signal]);
  }

  #see({ servers }: TopologyDescription): void {
    const primary = [...servers.values()].find(({ type }) => type === "RSPrimary")?.address;
    if (primary === undefined || primary === this.#primary) return;
    const moved = this.#primary !== null;
    this.#primary = primary;
    if (moved) this.#onMove?.();
  }
}
