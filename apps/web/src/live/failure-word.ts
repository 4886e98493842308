import { describeError } from "@live-orders/client/api-error";
import type { WriteFailure } from "@live-orders/client/live-orders";
import { FIELDS, type FieldName } from "../order-form/order-draft.ts";

const NAMES: Record<FieldName, string> = {
  customer_name: "customer",
  product_name: "product",
  status: "status",
};

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;

/** Why a write was rolled back, in one sentence without its full stop. */
export function failureWord(failure: WriteFailure): string {
  switch (failure.kind) {
    case "conflict": {
      const { base, mine, theirs } = failure;
      if (mine === null) return "somebody else changed it meanwhile";
      const fields = FIELDS.filter((field) => mine[field] !== undefined && theirs[field] !== base[field]);
      return `somebody else changed the ${listed(fields.map((field) => NAMES[field]))} meanwhile`;
    }
    case "gone":
      return "the order was deleted meanwhile";
    case "refused":
      return withoutStop(describeError(failure.error));
  }
}

/** A sentence as it goes on after a colon. */
export const withoutStop = (text: string): string => {
  const plain = text.replace(/\.$/, "");
  // "The server …" goes on after a colon; an acronym or a name stays as it is.
  return /^[A-Z][a-z]+ /.test(plain) ? plain.charAt(0).toLowerCase() + plain.slice(1) : plain;
};
