import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { problemBody } from "./answer-problem.ts";

/** What is no HTTP, or has a head of more than Node's 16 KiB: answered by hand, for there is no request to answer. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const requestId = randomUUID();
  const detail =
    error.code === "HPE_HEADER_OVERFLOW"
      ? "The request's line and headers are longer than 16 KiB"
      : "This is not an HTTP request";
  const body = JSON.stringify(
    problemBody("validation", { detail, errors: [{ path: "request", message: detail }] }, requestId),
  );
  socket.end(
    "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/problem+json\r\n" +
      `X-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
