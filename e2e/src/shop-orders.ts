import type { OrderFields } from "@live-orders/protocol/order";

const CUSTOMERS = [
  "Claire Gute",
  "Darrin Van Huff",
  "Sean O’Donnell",
  "Brosina Hoffman",
  "Zuschuss Donatelli",
  "Irene Maddox",
  "Ruben Ausman",
  "Dianna Vittorini",
  "Ken Black",
  "Sandra Flanagan",
  "Eric Hoffmann",
] as const;
const PRODUCTS = [
  "Bush Somerset Collection Bookcase",
  "Self-Adhesive Address Labels for Typewriters by Universal, white, 5,000 in a box",
  "Eldon Fold 'N Roll Cart System",
  "Mitel 5320 IP Phone VoIP phone",
  "Hon Deluxe Fabric Upholstered Stacking Chairs, Rounded Back",
  "Bretford CR4500 Series Slim Rectangular Table",
  "Newell 322",
  "DXL Angle-View Binders with Locking Rings by Samsill",
  "Belkin F5C206VTEL 6 Outlet Surge",
  "Chromcraft Rectangular Conference Tables",
  "Xerox 1967",
  "Fellowes PB200 Plastic Comb Binding Machine",
  "Logitech G430 Surround Sound Gaming Headset",
] as const;
const STATUSES = ["pending", "shipped", "delivered", "delivered", "delivered"] as const;

const at = <Value>(list: readonly Value[], index: number): Value => {
  const value = list[index % list.length];
  if (value === undefined) throw new RangeError("the list is empty");
  return value;
};

/** The `n`th order of a shop. */
export const shopOrder = (n: number): OrderFields => ({
  customer_name: at(CUSTOMERS, n * 7),
  product_name: at(PRODUCTS, n * 5),
  status: at(STATUSES, n * 3),
});
