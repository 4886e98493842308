import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The caller's own `X-Request-Id` if it is short visible ASCII, else a new one; answered in the same header. */
export function giveRequestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers["x-request-id"];
  const id = typeof given === "string" && /^[\x21-\x7e]{1,64}$/.test(given) ? given : randomUUID();
  response.setHeader("X-Request-Id", id);
  return id;
}

/** The id that `giveRequestId` gave; empty before it has run. */
export const requestIdOf = ({ id }: IncomingMessage): string => (typeof id === "string" ? id : "");
