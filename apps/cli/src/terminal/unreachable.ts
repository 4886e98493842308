import type { OrdersApi } from "@live-orders/client/orders-api";
import { apiFailure } from "./api-failure.ts";
import { CliFailure } from "./cli-failure.ts";

/** Why no connection came about: what an HTTP request says tells more than what a socket does. */
export async function unreachable(
  api: Pick<OrdersApi, "counts">,
  url: string,
  cause: string,
): Promise<CliFailure> {
  const probe = await api.counts();
  return probe.ok
    ? new CliFailure("failed", `${url} takes no live connection: ${cause}`)
    : apiFailure(probe.error, url);
}
