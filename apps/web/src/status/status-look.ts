import type { Status } from "@live-orders/protocol/status";
import { CircleDashed, PackageCheck, Truck, type LucideIcon } from "lucide-react";

/** A status is always shown by its colour, its icon and its word together. */
export const STATUS_LOOK: Record<Status, { readonly label: string; readonly icon: LucideIcon }> = {
  pending: { label: "Pending", icon: CircleDashed },
  shipped: { label: "Shipped", icon: Truck },
  delivered: { label: "Delivered", icon: PackageCheck },
};
