import type { FakeTimers } from "@live-orders/testkit/fake-timers";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { ApiNode } from "./api-node.ts";
import type { SimulationCounters } from "./counters.ts";
import { refuse, type NodeRequest } from "./node-routes.ts";

/** Rejects when a signal aborts or `cuts` are called meanwhile. */
export function unlessEnded<T>(
  work: Promise<T>,
  signals: readonly AbortSignal[],
  cuts: Set<() => void>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const done = () => {
      cuts.delete(abort);
      for (const signal of signals) signal.removeEventListener("abort", abort);
    };
    const abort = () => {
      done();
      reject(new TypeError("cut"));
    };
    if (signals.some(({ aborted }) => aborted)) return abort();
    cuts.add(abort);
    for (const signal of signals) signal.addEventListener("abort", abort);
    work.then(
      (value) => {
        done();
        resolve(value);
      },
      (error: unknown) => {
        done();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

interface Way {
  readonly timers: FakeTimers;
  readonly random: SeededRandom;
  readonly counters: SimulationCounters;
  /** Chance of each mishap. */
  readonly lossy: number;
}

/** Carries a request to a node and its answer back, with the mishaps of the way. */
export async function exchange(
  { timers, random, counters, lossy }: Way,
  node: ApiNode,
  request: NodeRequest,
  within: (work: Promise<Response>) => Promise<Response>,
): Promise<Response> {
  const isWrite = request.method !== "GET";
  if (isWrite && random.chance(lossy)) {
    counters.count("request arrived twice");
    timers.after(random.int(0, 500), () => {
      if (node.up) void node.request(request);
    });
  }
  const answer = await within(node.request(request));
  if (!random.chance(lossy)) return answer;
  const what = `answer to a ${isWrite ? "write" : "read"}`;
  switch (random.pick(["lost", "broken off", "replaced by 503"] as const)) {
    case "lost":
      counters.count(`${what} lost`);
      throw new TypeError("the answer was lost");
    case "broken off":
      counters.count(`${what} broken off`);
      return brokenOff(answer);
    case "replaced by 503":
      // It was carried out, and nobody knows.
      counters.count(`${what} replaced by 503`);
      return refuse("unavailable");
  }
}

/** Its head and half of its body arrive. */
async function brokenOff(answer: Response): Promise<Response> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(bytes.subarray(0, bytes.length >>> 1));
      controller.error(new TypeError("terminated"));
    },
  });
  return new Response(body, { status: answer.status, headers: answer.headers });
}
