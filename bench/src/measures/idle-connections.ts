import { setTimeout as delay } from "node:timers/promises";
import { Clients } from "../clients/clients.ts";
import type { MeasureContext } from "../measure.ts";
import { processCpu } from "../process-cpu.ts";
import { ownMemory } from "../process-memory.ts";
import { startTarget, type Target } from "../target.ts";
import { THREE_ROOMS } from "../trial.ts";

/** V8 collects what a start or an opening left when a process has had little to do for 10 to 20 s. */
export const REST_SECONDS = 45;

export interface IdleFigures {
  /** Of the server, a connection, in bytes: what it holds with them less what it held before. */
  readonly memory: number;
  /** Of the server, of one core, in percent. */
  readonly cpuPercent: number;
}

interface IdleOptions {
  readonly clients: number;
  /** Before the memory without them is taken, in seconds: a start leaves garbage, too. */
  readonly restBefore: number;
  /** Before anything is measured, in seconds: for heartbeats to spread, and for garbage of the opening to be collected. */
  readonly rest: number;
  /** Over which the processor time is taken, in seconds. */
  readonly seconds: number;
}

/** Opens connections and does nothing with them. */
export async function idle(
  target: Target,
  { clients, restBefore, rest, seconds }: IdleOptions,
  { set }: MeasureContext,
): Promise<IdleFigures> {
  const server = await startTarget(target, set.uri);
  await delay(restBefore * 1000);
  const before = await ownMemory(server.pid);
  const { port } = server;
  const crowd = await Clients.open({ port, dialect: target.dialect, clients, watched: THREE_ROOMS });
  await delay(rest * 1000);
  const cpuBefore = await processCpu(server.pid);
  await delay(seconds * 1000);
  const cpuPercent = (((await processCpu(server.pid)) - cpuBefore) / seconds) * 100;
  const memory = ((await ownMemory(server.pid)) - before) / clients;
  await crowd.close();
  await server.close();
  return { memory, cpuPercent };
}
