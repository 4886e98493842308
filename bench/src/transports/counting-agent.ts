import { Agent, type ClientRequestArgs } from "node:http";
import { connect, type Socket } from "node:net";

/** An agent that knows how many bytes went over its connections, both ways, headers and frames included. */
export class CountingAgent extends Agent {
  readonly #sockets = new Set<Socket>();
  #closedBytes = 0;

  constructor() {
    super({ keepAlive: true });
  }

  bytes(): number {
    let open = 0;
    for (const socket of this.#sockets) open += bytesOf(socket);
    return this.#closedBytes + open;
  }

  override createConnection({ host, port }: ClientRequestArgs): Socket {
    const socket = connect({ host: host ?? "127.0.0.1", port: Number(port), noDelay: true });
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#closedBytes += bytesOf(socket);
    });
    return socket;
  }
}

const bytesOf = (socket: Socket): number => socket.bytesRead + socket.bytesWritten;
