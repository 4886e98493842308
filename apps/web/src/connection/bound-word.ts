import { grouped } from "../ui/grouped-number.ts";

interface Bound {
  /** Orders that the list finds among those that are loaded. */
  readonly shown: number;
  /** Those that the server finds beside them. */
  readonly missing: number;
  readonly q: string;
}

/** Says that the server has more orders than the list shows; null when it has not. */
export function boundWord({ shown, missing, q }: Bound): string | null {
  if (missing <= 0) return null;
  const all = grouped(shown + missing);
  return q === ""
    ? `The latest ${grouped(shown)} of ${all} orders are shown. A tab shows those of one status, a search also finds older ones.`
    : `${grouped(shown)} of the ${all} orders that match are shown. A longer search finds those that are not.`;
}
