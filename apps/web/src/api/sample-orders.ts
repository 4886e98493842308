import type { NewOrder } from "@live-orders/protocol/order";
import type { Status } from "@live-orders/protocol/status";

const FIRST = [
  "Ada",
  "Bilal",
  "Chloé",
  "Dmitri",
  "Esi",
  "Fatima",
  "Greta",
  "Hiro",
  "Inés",
  "Jonas",
  "Kira",
  "Liam",
];
const LAST = [
  "Adeyemi",
  "Berg",
  "Costa",
  "Dubois",
  "Eriksen",
  "Fischer",
  "Gupta",
  "Haddad",
  "Ito",
  "Jensen",
  "Kowalski",
];
const MAKE = ["Oak", "Steel", "Linen", "Walnut", "Recycled", "Compact", "Folding", "Classic", "Wireless"];
const THING = [
  "desk lamp",
  "bookcase",
  "office chair",
  "label printer",
  "filing cabinet",
  "notebook, 3 pcs",
  "conference table",
  "keyboard",
  "storage box",
  "wall clock",
];

/** Most orders are on their way or there, as in a shop that has been open for a while. */
const statusFor = (roll: number): Status => (roll < 0.25 ? "pending" : roll < 0.55 ? "shipped" : "delivered");

/** `count` orders to look around with. `random`: from 0 up to 1. */
export function sampleOrders(count: number, random: () => number): NewOrder[] {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? "";
  return Array.from({ length: count }, () => ({
    customer_name: `${pick(FIRST)} ${pick(LAST)}`,
    product_name: `${pick(MAKE)} ${pick(THING)}`,
    status: statusFor(random()),
  }));
}
