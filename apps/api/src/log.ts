import type { Writable } from "node:stream";
import { pino, type DestinationStream, type Logger } from "pino";
import { z } from "zod";
import type { LogLevel } from "./config.ts";

/** JSON lines for programs; short lines for a person at a terminal. */
export function createLog(level: LogLevel, out: Writable & { isTTY?: boolean }): Logger {
  const destination: DestinationStream = {
    write: (line) => void out.write(out.isTTY === true ? readable(line) : line),
  };
  return pino({ level, base: null }, destination);
}

const lineSchema = z.object({
  level: z.number(),
  time: z.number(),
  msg: z.string().optional(),
  err: z.object({ stack: z.string().optional(), message: z.string().optional() }).optional(),
});

const NAMES: Readonly<Record<number, string>> = {
  20: "debug",
  30: "info",
  40: "warning",
  50: "error",
  60: "fatal",
};

function readable(line: string): string {
  const { level, time, msg = "", err } = lineSchema.parse(JSON.parse(line));
  const clock = new Date(time).toTimeString().slice(0, 8);
  const cause = err === undefined ? "" : level >= 50 ? `\n${err.stack ?? ""}` : `: ${err.message ?? ""}`;
  return `${clock} ${NAMES[level] ?? "trace"} ${msg}${cause}\n`;
}
