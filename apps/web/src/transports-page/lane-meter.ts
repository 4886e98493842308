/** What a lane cost so far. */
export interface LaneCost {
  /** Requests that were begun; a socket's or a stream's connection is one. */
  readonly requests: number;
  /** Requests that were answered, and brought nothing that was not known. */
  readonly inVain: number;
  /** Bytes received: bodies, messages, and the heads of HTTP answers as far as a page sees them. */
  readonly bytes: number;
}

const encoder = new TextEncoder();

/** Counts what one lane asks for and gets. */
export class LaneMeter {
  #requests = 0;
  #answered = 0;
  #fruitful = 0;
  #bytes = 0;

  /** A connection, or a request. */
  began(): void {
    this.#requests += 1;
  }

  /** A request of a lane that asks again and again was answered. */
  answered(): void {
    this.#answered += 1;
  }

  /** An answer had something new in it. */
  broughtNews(): void {
    this.#fruitful += 1;
  }

  received(data: string | number): void {
    this.#bytes += typeof data === "number" ? data : encoder.encode(data).length;
  }

  cost(): LaneCost {
    return {
      requests: this.#requests,
      inVain: Math.max(0, this.#answered - this.#fruitful),
      bytes: this.#bytes,
    };
  }

  /** A `fetch` that is counted; `isAsking`: each answer is one that was asked for, and may be in vain. */
  fetch(isAsking: boolean, send: typeof fetch = fetch): typeof fetch {
    return async (input, init) => {
      this.began();
      const response = await send(input, init);
      this.received(headSize(response));
      if (response.body === null) return response;
      const counted = response.body.pipeThrough(
        new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
          transform: (part, out) => {
            this.received(part.length);
            out.enqueue(part);
          },
          flush: () => {
            if (isAsking) this.answered();
          },
        }),
      );
      const { status, statusText, headers } = response;
      return new Response(counted, { status, statusText, headers });
    };
  }
}

/** As it was on the wire, but for what a browser keeps to itself. */
function headSize({ status, statusText, headers }: Response): number {
  let size = `HTTP/1.1 ${status} ${statusText}\r\n\r\n`.length;
  headers.forEach((value, name) => {
    size += name.length + value.length + 4;
  });
  return size;
}
