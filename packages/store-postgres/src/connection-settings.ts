import type { ClientConfig } from "pg";

/** Nothing that a store method does takes longer, in ms: the seam allows 5 s. */
export const ANSWER_LIMIT_MS = 4_300;

const DEFAULT_DATABASE = "live_orders";

/**
 * How every connection is made.
 *
 * `idle_in_transaction_session_timeout`: a node that stands still between numbering its changes and committing holds
 * the commit lock, and with it every other writer; the server then ends its transaction.
 */
export function connectionSettings(url: string): ClientConfig {
  return {
    connectionString: withDatabase(url),
    application_name: "live-orders",
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    connectionTimeoutMillis: 3_000,
    statement_timeout: ANSWER_LIMIT_MS,
    lock_timeout: 4_000,
    idle_in_transaction_session_timeout: 3_000,
  };
}

export function isPostgresUrl(url: string): boolean {
  return URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol);
}

/** A URL without a database means `live_orders`. */
export function withDatabase(url: string): string {
  const parsed = new URL(url);
  if (parsed.pathname === "" || parsed.pathname === "/") parsed.pathname = `/${DEFAULT_DATABASE}`;
  return parsed.href;
}

export function databaseName(url: string): string {
  return decodeURIComponent(new URL(withDatabase(url)).pathname.slice(1));
}
