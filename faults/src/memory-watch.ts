import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { Inspector } from "./inspector.ts";
import type { ApiNode } from "./stage.ts";

const LOOK_EVERY_MS = 200;
const MIB = 1024 * 1024;
const sizeSchema = z.object({ result: z.object({ value: z.number() }) });

/** A node's resident memory while something happens, in MiB. */
export async function memoryDuring(
  { inspectorPort }: ApiNode,
  run: () => Promise<unknown>,
): Promise<{ readonly before: number; readonly peak: number }> {
  const inspector = await Inspector.open(inspectorPort);
  const look = async (): Promise<number> => {
    const expression = "process.memoryUsage.rss()";
    return sizeSchema.parse(await inspector.ask("Runtime.evaluate", { expression })).result.value / MIB;
  };
  try {
    await inspector.ask("HeapProfiler.collectGarbage");
    const before = await look();
    let peak = before;
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        peak = Math.max(peak, await look());
        await delay(LOOK_EVERY_MS);
      }
    })();
    await run().finally(() => (isOver = true));
    await watching;
    return { before, peak };
  } finally {
    inspector.close();
  }
}
