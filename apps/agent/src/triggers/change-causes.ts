import type { Change } from "@live-orders/protocol/change";
import type { FoundCause } from "./found-cause.ts";
import { isMoveTrigger, REACHED, type Trigger } from "./trigger.ts";

/**
 * The causes in some changes: those that led an order from elsewhere to a trigger's status. One that was created there
 * did not become it. A change without both images is none either: where it led from is not known.
 */
export function causesIn(changes: readonly Change[], triggers: readonly Trigger[]): FoundCause[] {
  const moves = triggers.filter(isMoveTrigger).filter(({ enabled }) => enabled);
  return changes.flatMap(({ position, at, before, after }) =>
    moves.flatMap(({ name, kind }): FoundCause[] => {
      const status = REACHED[kind];
      if (before === null || after === null) return [];
      if (before.status === status || after.status !== status) return [];
      return [{ cause: { trigger: name, kind, position, at, as_of: position }, order: after }];
    }),
  );
}
