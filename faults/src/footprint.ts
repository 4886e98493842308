import { readdir, readlink } from "node:fs/promises";
import { z } from "zod";
import { Inspector } from "./inspector.ts";
import { metricOf } from "./metric.ts";
import type { ApiNode } from "./stage.ts";

/** What nodes hold. */
export interface Footprint {
  /** Of Linux's own account; NaN elsewhere. */
  readonly sockets: number;
  readonly descriptors: number;
  /** After a forced collection, in bytes, without the log of changes in RAM, which is there to be filled. */
  readonly heap: number;
}

/** What a change in the log in RAM takes of the heap, measured over 13,000 of them: 0.7 to 1.1 kB. In bytes. */
const LOGGED_CHANGE = 1_000;

const usageSchema = z.object({ result: z.object({ value: z.number() }) });

/** Of all of them together: clients that go over from one to another are the same sockets. */
export async function footprintOf(nodes: readonly ApiNode[]): Promise<Footprint> {
  const each = await Promise.all(nodes.map(footprintOfOne));
  const sum = (part: keyof Footprint): number => each.reduce((all, one) => all + one[part], 0);
  return { sockets: sum("sockets"), descriptors: sum("descriptors"), heap: sum("heap") };
}

async function footprintOfOne(node: ApiNode): Promise<Footprint> {
  const [heap, links] = [await heapOf(node), await linksOf(node.api.pid())];
  if (links === null) return { sockets: Number.NaN, descriptors: Number.NaN, heap };
  return {
    sockets: links.filter((link) => link.startsWith("socket:")).length,
    descriptors: links.length,
    heap,
  };
}

async function heapOf({ api, inspectorPort }: ApiNode): Promise<number> {
  const inspector = await Inspector.open(inspectorPort);
  try {
    await inspector.ask("HeapProfiler.enable");
    await inspector.ask("HeapProfiler.collectGarbage");
    await inspector.ask("HeapProfiler.disable");
    const expression = "process.memoryUsage().heapUsed";
    const used = usageSchema.parse(await inspector.ask("Runtime.evaluate", { expression })).result.value;
    return used - (await metricOf(api.url, "log_changes")) * LOGGED_CHANGE;
  } finally {
    inspector.close();
  }
}

/** What the process's descriptors are; null where there is no /proc. */
async function linksOf(pid: number): Promise<readonly string[] | null> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => null);
  // One that has been closed meanwhile is none.
  return names && Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => "")));
}
