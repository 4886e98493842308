import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

/** What makes a request one for another protocol. */
const OF_THE_UPGRADE = new Set(["connection", "upgrade", "http2-settings"]);

/**
 * Answers a request that asks for another protocol as if it had not, as RFC 9110 (section 7.8) lets a server do: Java's
 * HTTP client and `curl --http2` ask for HTTP/2 with each first request. Node gives up the connection of such a request,
 * so it is handed to the server anew, with the request's head written again.
 *
 * @param own the path whose upgrades somebody else takes care of
 */
export function ignoreUpgrades(server: Server, own: string): void {
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, rest: Buffer) => {
    if (request.url?.startsWith(own) === true) return;
    socket.unshift(Buffer.concat([plainHead(request), rest]));
    server.emit("connection", socket);
  });
}

/** Header texts as Node reads them: a byte a character. */
function plainHead({ method, url, httpVersion, rawHeaders, headers }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (!OF_THE_UPGRADE.has(name.toLowerCase())) lines.push(`${name}: ${value}`);
  }
  if (/\bclose\b/i.test(headers.connection ?? "")) lines.push("Connection: close");
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}
