import type { LiveOrders, LiveStatus } from "@live-orders/client/live-orders";
import type { OrdersApi } from "@live-orders/client/orders-api";
import { createContext, use, useSyncExternalStore, type ReactNode } from "react";
import type { TransportSetting } from "../connection/transport-choice.ts";
import type { Toasts } from "../ui/toasts.ts";
import type { ScreenLatency } from "./screen-latency.ts";
import type { NewsBoard } from "./news-board.ts";
import type { TableRows } from "./table-rows.ts";
import type { UndoStack } from "./undo-stack.ts";

/** What lives as long as the page, joined in `main.tsx`. */
export interface PageParts {
  readonly api: OrdersApi;
  readonly live: LiveOrders;
  readonly transport: TransportSetting;
  readonly rows: TableRows;
  readonly news: NewsBoard;
  readonly latency: ScreenLatency;
  readonly toasts: Toasts;
  readonly undos: UndoStack;
}

const PartsContext = createContext<PageParts | null>(null);

export function PagePartsProvider({
  parts,
  children,
}: {
  readonly parts: PageParts;
  readonly children: ReactNode;
}) {
  return <PartsContext value={parts}>{children}</PartsContext>;
}

export function useParts(): PageParts {
  const parts = use(PartsContext);
  if (parts === null) throw new Error("PagePartsProvider is missing");
  return parts;
}

export function useLiveStatus(): LiveStatus {
  const { live } = useParts();
  return useSyncExternalStore(
    (listener) => live.subscribeStatus(listener),
    () => live.status(),
  );
}
