import type { Change } from "@live-orders/protocol/change";
import type { Order } from "@live-orders/protocol/order";
import { STATUS_ICONS, type Colours } from "../terminal/colour.ts";

/** A change as a line for a person: what became of which order, and where it went. */
export function changeLine(change: Change, colours: Colours): string {
  const { op, before, after, id, at } = change;
  const order = after ?? before;
  const names = order === null ? "" : `${order.customer_name} · ${order.product_name}`;
  return `${colours.dim(at)}  ${colours.bold(`#${id}`)}  ${moved(op, before, after, colours)}  ${names}`;
}

function moved(op: Change["op"], before: Order | null, after: Order | null, colours: Colours): string {
  const badge = ({ status }: Order) => colours.status[status](`${STATUS_ICONS[status]} ${status}`);
  if (op === "delete") return colours.alarm(before === null ? "deleted" : `deleted ${before.status}`);
  if (after === null) return "changed";
  if (op === "insert") return `new ${badge(after)}`;
  return before === null || before.status === after.status
    ? `edited ${badge(after)}`
    : `${badge(before)} → ${badge(after)}`;
}
