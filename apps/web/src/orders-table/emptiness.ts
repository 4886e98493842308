import { describeError } from "@live-orders/client/api-error";
import type { ConnectionState } from "@live-orders/client/connection-state";
import type { SnapshotState } from "@live-orders/client/live-orders";
import type { ListReadingState } from "../live/list-reading.ts";

/** Why a list has no row. */
export type Emptiness =
  /** `ask`: what is to be asked for again. */
  | { readonly kind: "failure"; readonly why: string; readonly ask: "connection" | "list" }
  | { readonly kind: "no-match" }
  | { readonly kind: "first-run" }
  | { readonly kind: "nothing" };

interface EmptyListFacts {
  readonly snapshot: SnapshotState;
  readonly connection: ConnectionState;
  readonly reading: ListReadingState;
  readonly q: string;
  /** There is no order at all. */
  readonly firstRun: boolean;
}

/** Null while rows may still come. */
export function emptinessOf({
  snapshot,
  connection,
  reading,
  q,
  firstRun,
}: EmptyListFacts): Emptiness | null {
  if (snapshot.kind === "failed") return failure(describeError(snapshot.error), "connection");
  const trouble = snapshot.kind === "empty" ? connectionTrouble(connection) : null;
  if (trouble !== null) return failure(trouble, "connection");
  if (snapshot.kind !== "complete" && snapshot.kind !== "bounded") return null;
  // Of the orders that are not held only the server knows whether they match.
  if (snapshot.kind === "bounded" && reading.kind === "reading") return null;
  if (snapshot.kind === "bounded" && reading.kind === "failed")
    return failure(describeError(reading.error), "list");
  if (q !== "") return { kind: "no-match" };
  return { kind: firstRun ? "first-run" : "nothing" };
}

const failure = (why: string, ask: "connection" | "list"): Emptiness => ({ kind: "failure", why, ask });

/** Why the list has not come yet, if it is more than a matter of waiting. */
function connectionTrouble(connection: ConnectionState): string | null {
  if (connection.kind === "reconnecting") return connection.cause;
  if (connection.kind === "refused") return connection.problem.detail;
  return connection.kind === "offline" ? "This machine has no network." : null;
}
