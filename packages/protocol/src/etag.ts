import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Order } from "./order.ts";

/** A strong `ETag` (RFC 9110, quotes included) that holds as long as the five fields stand. */
export function etagOf(order: Order): string {
  const fields = [order.id, order.customer_name, order.product_name, order.status, order.updated_at];
  return `"${bytesToHex(sha256(utf8ToBytes(JSON.stringify(fields)))).slice(0, 32)}"`;
}

/**
 * Whether an `If-Match` header lets the order through (RFC 9110, section 13.1.1): `*`, or a list of strong tags of
 * which one is the order's own.
 */
export function matchesEtag(ifMatch: string, order: Order): boolean {
  if (ifMatch.trim() === "*") return true;
  return ifMatch.split(",").some((tag) => tag.trim() === etagOf(order));
}
