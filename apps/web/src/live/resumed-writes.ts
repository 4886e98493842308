import type { LiveOrders } from "@live-orders/client/live-orders";
import type { Toasts } from "../ui/toasts.ts";
import { failureWord } from "./failure-word.ts";

/** Writes that were on their way when the page was left go on: says so when one of them fails after all. */
export function tellOfResumedWrites(live: Pick<LiveOrders, "resumed">, toasts: Toasts): void {
  for (const { id, done } of live.resumed()) {
    void done.then((outcome) => {
      if (outcome.ok) return;
      const what = id > 0 ? `A change of order #${id}` : "A new order";
      const text = `${what} from before the page was loaded was not saved: ${failureWord(outcome.failure)}.`;
      toasts.show({ tone: "failure", text });
    });
  }
}
