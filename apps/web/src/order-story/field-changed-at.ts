import type { Change } from "@live-orders/protocol/change";
import type { OrderFields } from "@live-orders/protocol/order";

/** When the field got the value that it has, in ms since 1970; null if the changes that are known do not tell. */
export function fieldChangedAt(changes: readonly Change[], field: keyof OrderFields): number | null {
  const change = changes.find(
    ({ op, before, after }) => op !== "update" || before?.[field] !== after?.[field],
  );
  const isKnown = change !== undefined && (change.op !== "update" || change.before !== null);
  return isKnown && change.after !== null ? Date.parse(change.at) : null;
}
