import { pause, systemClock } from "@live-orders/client/clock";
import type { OrdersApi } from "@live-orders/client/orders-api";

/** How many writes a second a person may ask for. */
export const RATES = [1, 5, 20] as const;
export type Rate = (typeof RATES)[number];

const ORDER = { customer_name: "Transports page", product_name: "Write 0", status: "pending" } as const;

/** Writes to one order of its own, so many times a second, one after another; the order goes with it. */
export class SteadyWriter {
  readonly #api: Pick<OrdersApi, "create" | "patch" | "remove">;
  #stop: AbortController | null = null;

  constructor(api: Pick<OrdersApi, "create" | "patch" | "remove">) {
    this.#api = api;
  }

  start(rate: Rate): void {
    this.stop();
    const stop = new AbortController();
    this.#stop = stop;
    void this.#run(rate, stop.signal);
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
  }

  async #run(rate: Rate, signal: AbortSignal): Promise<void> {
    const made = await this.#api.create(ORDER);
    if (!made.ok) return;
    const { id } = made.value.order;
    const removeOnLeave = () => {
      void fetch(`/api/orders/${id}`, { method: "DELETE", keepalive: true }).catch(() => undefined);
    };
    addEventListener("pagehide", removeOnLeave);
    for (let count = 1; !signal.aborted; count += 1) {
      const next = performance.now() + 1000 / rate;
      await this.#api.patch(id, { product_name: `Write ${count}` }, { tries: 1 });
      await pause(systemClock, Math.max(0, next - performance.now()), signal);
    }
    removeEventListener("pagehide", removeOnLeave);
    await this.#api.remove(id);
  }
}
