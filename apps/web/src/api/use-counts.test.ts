import { FakeOrdersServer } from "@live-orders/client/fake/orders-server";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it } from "vitest";
import { countsQuery } from "./use-counts.ts";

let server: FakeOrdersServer;

beforeEach(async () => {
  server = new FakeOrdersServer();
  await server.start();
});

afterEach(() => server.stop());

it("the counts of a search are its own: until they are in, there are none", async () => {
  for (const product_name of ["Chair", "Desk", "Armchair"]) server.insert({ product_name });
  const api = createOrdersApi({ baseUrl: server.url });
  const observer = new QueryObserver(new QueryClient(), countsQuery(api, ""));
  const seen: (number | null)[] = [];
  const end = observer.subscribe(({ data }) => void seen.push(data?.total ?? null));
  const counted = async (total: number) => {
    await expect.poll(() => observer.getCurrentResult().data?.total).toBe(total);
    return seen.splice(0);
  };
  await counted(3);
  observer.setOptions(countsQuery(api, "chair"));
  expect(new Set(await counted(2))).toEqual(new Set([null, 2]));
  observer.setOptions(countsQuery(api, "desk"));
  expect(new Set(await counted(1))).toEqual(new Set([null, 1]));
  end();
});
