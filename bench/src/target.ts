import { startApi } from "@live-orders/testkit/api-process";
import type { Status } from "@live-orders/protocol/status";
import { z } from "zod";
import { AskedProcess } from "./asked-process.ts";
import type { DialectName } from "./clients/dialect.ts";
import type { WriteRecord } from "./load/write-record.ts";

export type TargetName = "socket-io" | "sse" | "tutorial" | "tutorial-rooms" | "bare-frames" | "polled";

/** A server that is measured: ours or a baseline. */
export interface Target {
  readonly name: TargetName;
  readonly label: string;
  readonly dialect: DialectName;
  /** The server's program, relative to this folder; null is Live Orders itself. */
  readonly program: string | null;
  /** Whether a client that watches these statuses is meant to be told of the write. */
  readonly tells: (write: WriteRecord, statuses: readonly Status[]) => boolean;
}

/** One that was asked for is told of orders that come and of those that leave. */
const byImages = ({ from, to }: WriteRecord, statuses: readonly Status[]): boolean =>
  (from !== null && statuses.includes(from)) || (to !== null && statuses.includes(to));
const byStateAfter = ({ to }: WriteRecord, statuses: readonly Status[]): boolean =>
  to === null || statuses.includes(to);
const toAll = (): boolean => true;
const nothingDeleted = ({ to }: WriteRecord): boolean => to !== null;

const target = (
  name: TargetName,
  label: string,
  dialect: DialectName,
  program: string | null,
  tells: Target["tells"],
): Target => ({ name, label, dialect, program, tells });

export const TARGET: Readonly<Record<TargetName, Target>> = {
  "socket-io": target("socket-io", "Live Orders, Socket.IO", "socket-io", null, byImages),
  sse: target("sse", "Live Orders, SSE", "sse", null, byImages),
  tutorial: target("tutorial", "tutorial", "tutorial", "baselines/tutorial.ts", toAll),
  "tutorial-rooms": target(
    "tutorial-rooms",
    "tutorial with rooms",
    "tutorial",
    "baselines/tutorial-rooms.ts",
    byStateAfter,
  ),
  "bare-frames": target("bare-frames", "bare frames", "frames", "baselines/bare-frames.ts", byImages),
  polled: target("polled", "polling each second", "poll", "baselines/polled.ts", nothingDeleted),
};

/** One that runs. */
export interface RunningTarget {
  readonly port: number;
  readonly pid: number;
  close(): Promise<void>;
}

/** @returns when it takes connections */
export async function startTarget({ program }: Target, databaseUrl: string): Promise<RunningTarget> {
  const env = { DATABASE_URL: databaseUrl };
  if (program === null) {
    const api = await startApi(env);
    return { port: Number(new URL(api.url).port), pid: api.pid(), close: () => api.dispose() };
  }
  const process = AskedProcess.start(program, env);
  const { port } = z.object({ port: z.int() }).parse(await process.heard());
  return { port, pid: process.pid, close: () => process.close() };
}
