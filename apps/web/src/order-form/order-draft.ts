import { orderFieldsSchema, type OrderFields, type OrderPatch } from "@live-orders/protocol/order";

export const FIELDS = ["customer_name", "product_name", "status"] as const;
export type FieldName = (typeof FIELDS)[number];

/**
 * One person's edit of one order while others may change it too. `mine` is what stands in the fields, `theirs` is the
 * order as it stands now, and `base` is, field by field, what mine was made from.
 */
export interface OrderDraft {
  readonly base: OrderFields;
  readonly mine: OrderFields;
  readonly theirs: OrderFields;
  /** When the person typed last into each field, by the server's clock, in ms since 1970. */
  readonly typedAt: Partial<Record<FieldName, number>>;
}

const fieldsOf = ({ customer_name, product_name, status }: OrderFields): OrderFields => ({
  customer_name,
  product_name,
  status,
});

const EMPTY: OrderFields = { customer_name: "", product_name: "", status: "pending" };

/** A draft of an order that stands, or of a new one; `typed` was typed into it at `at`. */
export function startDraft(order: OrderFields | null, typed: OrderPatch = {}, at = 0): OrderDraft {
  const base = fieldsOf(order ?? EMPTY);
  const mine: OrderFields = {
    customer_name: typed.customer_name ?? base.customer_name,
    product_name: typed.product_name ?? base.product_name,
    status: typed.status ?? base.status,
  };
  const touched = FIELDS.filter((field) => typed[field] !== undefined);
  return { base, mine, theirs: base, typedAt: Object.fromEntries(touched.map((field) => [field, at])) };
}

export const typeInto = <F extends FieldName>(
  draft: OrderDraft,
  field: F,
  value: OrderFields[F],
  at: number,
): OrderDraft => ({
  ...draft,
  mine: { ...draft.mine, [field]: value },
  typedAt: { ...draft.typedAt, [field]: at },
});

const isTouched = ({ base, mine }: OrderDraft, field: FieldName): boolean =>
  mine[field].trim() !== base[field].trim();

const follow = (draft: OrderDraft, field: FieldName): OrderDraft => ({
  ...draft,
  base: { ...draft.base, [field]: draft.theirs[field] },
  mine: { ...draft.mine, [field]: draft.theirs[field] },
});

/** Somebody changed the order: fields that the person has not touched follow, what is typed stays. */
export function receive(draft: OrderDraft, order: OrderFields): OrderDraft {
  const next = { ...draft, theirs: fieldsOf(order) };
  return FIELDS.filter((field) => !isTouched(draft, field)).reduce(follow, next);
}

/** Fields that both sides changed, to different values. */
export const conflictsOf = ({ base, mine, theirs }: OrderDraft): FieldName[] =>
  FIELDS.filter(
    (field) =>
      mine[field].trim() !== base[field].trim() &&
      theirs[field] !== base[field] &&
      theirs[field] !== mine[field].trim(),
  );

export const keepMine = (draft: OrderDraft, field: FieldName): OrderDraft => ({
  ...draft,
  base: { ...draft.base, [field]: draft.theirs[field] },
});

export const takeTheirs = follow;

/** What saving would write: the fields in which the draft differs from the order as it stands. Empty: nothing. */
export function patchOf({ mine, theirs }: OrderDraft): Partial<OrderFields> {
  const changed = FIELDS.filter((field) => mine[field].trim() !== theirs[field]);
  return Object.fromEntries(changed.map((field) => [field, mine[field].trim()]));
}

export type FieldErrors = Partial<Record<FieldName, string>>;

/** The protocol's own rules, said of the field they are about. */
export function errorsOf({ mine }: OrderDraft): FieldErrors {
  const errors: FieldErrors = {};
  for (const { path, message } of orderFieldsSchema.safeParse(mine).error?.issues ?? []) {
    const field = FIELDS.find((name) => name === path[0]);
    if (field !== undefined) errors[field] ??= sentence(message);
  }
  return errors;
}

/** The server's field errors, whose paths end in the field's name. */
export function errorsAt(
  errors: readonly { readonly path: string; readonly message: string }[],
): FieldErrors {
  const found: FieldErrors = {};
  for (const { path, message } of errors) {
    const field = FIELDS.find((name) => path.split(".").at(-1) === name);
    if (field !== undefined) found[field] ??= sentence(message);
  }
  return found;
}

const sentence = (message: string): string => message.charAt(0).toUpperCase() + message.slice(1);
