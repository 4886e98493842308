import { systemClock } from "@live-orders/client/clock";
import type { RowId } from "@live-orders/client/live-orders";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useParts } from "../live/page-parts.tsx";
import { OrderStory, type StoryState } from "./order-story.ts";

/** A story, and what is known of it now. */
export interface ToldStory {
  readonly story: OrderStory;
  readonly state: StoryState;
}

/** The story of one order for as long as it is shown. The id stays the same: another order has another component. */
export function useOrderStory(id: RowId): ToldStory {
  const { api, live } = useParts();
  const [story] = useState(() => new OrderStory({ id, api, live, clock: systemClock }));
  useEffect(() => story.start(), [story]);
  const state = useSyncExternalStore(
    (listener) => story.subscribe(listener),
    () => story.state(),
  );
  return { story, state };
}
