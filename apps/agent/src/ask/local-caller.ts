import type { IncomingMessage } from "node:http";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why a request may not come in, or null. A foreign `Host` is a name that was made to point here (DNS rebinding); an
 * `Origin` is a page in a browser, which has no business here unless it is of this machine.
 */
export function refusal({ headers: { host, origin } }: IncomingMessage): string | null {
  if (host === undefined || !LOOPBACK.test(host)) return "The Host header must name this machine";
  if (origin === undefined) return null;
  const isOurs = URL.canParse(origin) && LOOPBACK.test(new URL(origin).host);
  return isOurs ? null : "The Origin is not of this machine";
}
