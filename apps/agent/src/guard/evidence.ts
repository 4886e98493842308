import { timestampSchema } from "@live-orders/protocol/order";

/** Whose numbers, times and names a text may tell. */
export interface Evidence {
  readonly names: ReadonlySet<string>;
  readonly ids: ReadonlySet<number>;
  /** What was counted. */
  readonly counts: ReadonlySet<number>;
  /** RFC 3339 */
  readonly times: ReadonlySet<string>;
}

export interface EvidenceBuilder extends Evidence {
  /** All that stands in this data. */
  add(data: unknown): void;
}

const NAME_KEYS: ReadonlySet<string> = new Set(["customer_name", "product_name", "name"]);

/** Collects from JSON data by its fields: `id` is an id, other numbers were counted, and so is a list that is whole. */
export function collectEvidence(): EvidenceBuilder {
  const names = new Set<string>();
  const ids = new Set<number>();
  const counts = new Set<number>();
  const times = new Set<string>();
  const takeText = (key: string, text: string): void => {
    if (NAME_KEYS.has(key)) names.add(text);
    else if (timestampSchema.safeParse(text).success) times.add(text);
  };
  const take = (key: string, value: unknown): void => {
    if (typeof value === "number") (key === "id" ? ids : counts).add(value);
    else if (typeof value === "string") takeText(key, value);
    else if (Array.isArray(value)) value.forEach((one) => take(key, one));
    else if (isRecord(value)) {
      const isWhole = (value["next"] ?? null) === null && value["more"] !== true;
      for (const [field, one] of Object.entries(value)) {
        if (Array.isArray(one) && isWhole) counts.add(one.length);
        take(field, one);
      }
    }
  };
  return { names, ids, counts, times, add: (data) => take("", data) };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
