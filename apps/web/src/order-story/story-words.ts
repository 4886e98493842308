import type { Order } from "@live-orders/protocol/order";
import { STATUS_LOOK } from "../status/status-look.ts";
import type { Deed, NameChange } from "./story-entries.ts";

const FIELD = { customer_name: "Customer", product_name: "Product" } as const;

export const fieldWord = (field: NameChange["field"]): string => FIELD[field];

/** What happened, in few words: the head of an entry. */
export function deedWord(deed: Deed): string {
  switch (deed.kind) {
    case "created":
      return "Created";
    case "deleted":
      return "Deleted";
    case "touched":
      return "Written again, nothing differs";
    case "unseen":
      return "Changed; the database kept no image of how";
    case "edited":
      return deed.move === null
        ? `${deed.names.map(({ field }) => FIELD[field]).join(" and ")} changed`
        : `${STATUS_LOOK[deed.move.from].label} to ${STATUS_LOOK[deed.move.to].label}`;
  }
}

/** Whether there is something to restore: the order is gone, or says something else now. */
export const differsFrom = (then: Order, now: Order | null): boolean =>
  now === null ||
  then.customer_name !== now.customer_name ||
  then.product_name !== now.product_name ||
  then.status !== now.status;
