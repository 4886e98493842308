import type { RowId } from "@live-orders/client/live-orders";

/** The rows that are ticked, and the one from which a range grows. */
export interface Selection {
  readonly ids: ReadonlySet<RowId>;
  readonly anchor: RowId | null;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null };

export function toggle(selection: Selection, id: RowId): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/** Ticks all rows from the anchor to `id`, both among them; `rowsBetween` gives them in the list's order. */
export function extendTo(
  selection: Selection,
  id: RowId,
  rowsBetween: (from: RowId, to: RowId) => readonly RowId[],
): Selection {
  if (selection.anchor === null) return toggle(selection, id);
  const range = rowsBetween(selection.anchor, id);
  return { ids: new Set([...selection.ids, ...range, id]), anchor: selection.anchor };
}

/** With those alone that are there. The same object when all are. */
export function prune(selection: Selection, isThere: (id: RowId) => boolean): Selection {
  const ids = [...selection.ids].filter(isThere);
  return ids.length === selection.ids.size ? selection : { ...selection, ids: new Set(ids) };
}

/** Without these. The same object when none of them is selected. */
export function without(selection: Selection, gone: ReadonlySet<RowId>): Selection {
  const ids = new Set(selection.ids);
  for (const id of gone) ids.delete(id);
  return ids.size === selection.ids.size ? selection : { ...selection, ids };
}
