import type { ApiNode } from "./stage.ts";
import { untilTrue } from "./until.ts";

const ANSWER_WAIT_MS = 10_000;

/** Straight to the node, as an orchestrator asks. */
async function isReady({ api }: ApiNode): Promise<boolean> {
  const answer = await fetch(`${api.url}/readyz`, { signal: AbortSignal.timeout(ANSWER_WAIT_MS) });
  return answer.status === 200;
}

/** The milliseconds until `/readyz` says so; the bound if it does not by then. */
export async function untilReady(node: ApiNode, ready: boolean, withinMs: number): Promise<number> {
  return untilTrue(async () => (await isReady(node)) === ready, withinMs);
}
