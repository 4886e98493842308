import { StoreUnavailableError } from "@live-orders/store/order-store";
import { DatabaseError } from "pg";

/** SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const RETRIABLE = new Set([
  "40P01", // deadlock_detected
  "40001", // serialization_failure
  "55P03", // lock_not_available
  "23505", // unique_violation: somebody else has just taken the id
]);
const MISSING = new Set([
  "42P01", // undefined_table
  "42883", // undefined_function
  "3F000", // invalid_schema_name
  "42704", // undefined_object: the trigger
]);
/** Our own: the table stands there, and is not one that this store can use. */
export const UNFIT_TABLE = "LO001";

export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}

/** The transaction was rolled back for a reason that may be gone at the next try. */
export const isRetriable = (error: unknown): boolean => RETRIABLE.has(sqlState(error) ?? "");

/** The table, or what records its changes, is not there. */
export const isMissing = (error: unknown): boolean => MISSING.has(sqlState(error) ?? "");

/** The database itself answered with an error; otherwise the connection failed. */
export const isAnswer = (error: unknown): boolean => {
  const state = sqlState(error);
  // 57P..: the server ends or starts; 08...: the connection.
  return state !== undefined && !state.startsWith("57P") && !state.startsWith("08");
};

export function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describeError(error.errors[0]);
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, " ").trim() || "no reason was given";
}

export function unavailable(error: unknown): StoreUnavailableError {
  if (error instanceof StoreUnavailableError) return error;
  return new StoreUnavailableError(`PostgreSQL: ${describeError(error)}`, { cause: error });
}

/** The server or the table is one that this store can't use. */
export class RefusedError extends Error {}
