import { changesAnswerSchema } from "@live-orders/protocol/http-changes";
import type { Status } from "@live-orders/protocol/status";
import type { FakeTimers } from "@live-orders/testkit/fake-timers";
import type { SeededRandom } from "@live-orders/testkit/seeded-random";
import type { Network } from "./network.ts";
import type { ReadChanges } from "./oracle.ts";

/** Reads the bare feed by `GET /api/changes`, now and then with a wait. Returns what ends it. */
export function pollChanges(parts: {
  network: Network;
  timers: FakeTimers;
  random: SeededRandom;
  statuses: readonly Status[];
  read: ReadChanges;
  onReset: (cursor: string) => void;
  fail: (error: unknown) => void;
}): () => void {
  const { network, timers, random, statuses, read } = parts;
  let cursor: string | null = null;
  let over = false;

  const ask = async (): Promise<void> => {
    const query = new URLSearchParams(statuses.map((status): [string, string] => ["status", status]));
    query.set("limit", String(random.int(1, 6)));
    if (random.chance(0.5)) query.set("wait", String(random.int(0, 12)));
    if (cursor !== null) query.set("after", cursor);
    const answer = await network.fetch(`http://node/api/changes?${query.toString()}`).catch(() => null);
    if (over || answer === null || (answer.status !== 200 && answer.status !== 410)) return;
    if (answer.status === 410) {
      parts.onReset(cursor ?? "");
      cursor = null;
      return;
    }
    const batch = changesAnswerSchema.parse(await answer.json());
    if (cursor === null) read.begin(batch.position);
    else read.take(batch);
    cursor = batch.cursor;
  };
  const loop = (): void => {
    if (over) return;
    ask()
      .catch(parts.fail)
      .finally(() => {
        timers.after(random.int(1, 400), loop);
      });
  };
  loop();
  return () => {
    over = true;
  };
}
