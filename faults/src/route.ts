import type { FeedTransport } from "@live-orders/client/feed-transport";

/** Which of several nodes a client talks to: always the same, until that one is lost. */
export class Route {
  readonly #urls: readonly string[];
  #index: number;

  constructor(urls: readonly string[], first = 0) {
    this.#urls = urls;
    this.#index = first;
  }

  get url(): string {
    return this.#urls[this.#index % this.#urls.length] ?? "";
  }

  /** To be called when the node at `lost` does not serve any more. */
  leave(lost: string): void {
    if (lost === this.url) this.#index += 1;
  }

  /** As `fetch`, for paths beneath {@link ANY_NODE}. */
  readonly fetch: typeof fetch = async (input, init) => {
    const { url } = this;
    if (typeof input !== "string") throw new TypeError("Only addresses are fetched here");
    try {
      return await fetch(input.replace(ANY_NODE, url), init);
    } catch (error) {
      if (init?.signal?.aborted !== true) this.leave(url);
      throw error;
    }
  };

  /** A transport that goes over to the next node when its own is lost. */
  transport(name: string, to: (url: string) => FeedTransport): FeedTransport {
    return {
      name,
      open: (events) => {
        const { url } = this;
        const lost = (cause: string) => {
          this.leave(url);
          events.lost(cause);
        };
        return to(url).open({ ...events, lost });
      },
    };
  }
}

/** Stands for the node that the route leads to. */
export const ANY_NODE = "http://any-node";
