import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";

export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Reads Server-Sent Events by the rules of the HTML standard, as far as this server makes use of them. */
export class EventStreamClient {
  readonly events: StreamEvent[] = [];
  readonly comments: string[] = [];
  readonly #request: ClientRequest;
  #response: IncomingMessage | undefined;
  #text = "";
  ended = false;

  private constructor(request: ClientRequest) {
    this.#request = request;
  }

  /** Resolves with the head of the answer. */
  static open(url: string, headers: Record<string, string> = {}): Promise<EventStreamClient> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { headers, agent: false });
      const client = new EventStreamClient(asked);
      asked.once("response", (response) => {
        client.#take(response);
        resolve(client);
      });
      asked.on("error", (error) => {
        client.ended = true;
        reject(error);
      });
      asked.end();
    });
  }

  get status(): number {
    return this.#response?.statusCode ?? 0;
  }

  get headers(): IncomingHttpHeaders {
    return this.#response?.headers ?? {};
  }

  /** Stops reading; the connection stays open. */
  pause(): void {
    this.#response?.pause();
    this.#request.socket?.pause();
  }

  resume(): void {
    this.#request.socket?.resume();
    this.#response?.resume();
  }

  close(): void {
    this.#request.destroy();
  }

  #take(response: IncomingMessage): void {
    this.#response = response;
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => this.#read(chunk));
    response.on("close", () => (this.ended = true));
    response.on("error", () => (this.ended = true));
  }

  #read(chunk: string): void {
    this.#text += chunk;
    const blocks = this.#text.split("\n\n");
    this.#text = blocks.pop() ?? "";
    for (const block of blocks) this.#block(block.split("\n"));
  }

  #block(lines: readonly string[]): void {
    if (lines[0]?.startsWith(":") === true) return void this.comments.push(lines[0]);
    const field = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const data = field("data");
    if (data === undefined) return;
    this.events.push({ id: field("id") ?? "", event: field("event") ?? "message", data: JSON.parse(data) });
  }
}
