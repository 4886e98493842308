import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import { isLoopback } from "../config.ts";
import { invalid, ProblemError } from "./problem-error.ts";

export interface CallerRules {
  /** The address that the server listens on. */
  readonly host: string;
  readonly allowedOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
}

/**
 * Why a request or handshake may not come in, or null. A foreign `Origin` is another site's page in a browser that
 * sits here (cross-site hijacking); a foreign `Host` is a name that was made to point here (DNS rebinding). Programs
 * other than browsers send no `Origin`.
 */
export function refusal(request: IncomingMessage, rules: CallerRules): string | null {
  const { host, origin } = request.headers;
  const name = host === undefined ? null : hostName(host);
  if (name === null || !isOurName(name, rules)) {
    return "The Host header names none of this server's names: see ALLOWED_HOSTS";
  }
  if (origin === undefined || rules.allowedOrigins.includes(origin.toLowerCase())) return null;
  if (URL.canParse(origin) && /^https?:$/.test(new URL(origin).protocol) && sameHost(origin, host ?? ""))
    return null;
  return "The Origin is not this server's own page: see ALLOWED_ORIGINS";
}

/** The host without its port, lower case; null if it is none. */
function hostName(host: string): string | null {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(host.toLowerCase())?.[1] ?? null;
}

const isOurName = (name: string, rules: CallerRules): boolean =>
  isLoopback(name) || name === rules.host.toLowerCase() || rules.allowedHosts.includes(name);

function sameHost(origin: string, host: string): boolean {
  const { protocol, host: originHost } = new URL(origin);
  const own = `${protocol}//${host}`;
  // Through URL, so that a default port that is written out is the same as none.
  return URL.canParse(own) && new URL(own).host === originHost;
}

export function callerGuard(rules: CallerRules): RequestHandler {
  return (request, _response, next) => {
    if (request.headers.host === undefined) return next(invalid("Host", "must be given"));
    const why = refusal(request, rules);
    if (why === null) next();
    else next(new ProblemError("forbidden", { detail: why }));
  };
}
