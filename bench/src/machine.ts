import { cpus, loadavg, release, totalmem, type } from "node:os";

/** The machine that figures are of, in one line. */
export function machine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} cores (${processors[0]?.model.trim() ?? "unknown"}), ${memory} GiB, ${type()} ${release()}, Node ${process.versions.node}.`;
}

/** How busy it was over the last minute with all that runs there, in one sentence. */
export const load = (): string => `Load average at the end: ${(loadavg()[0] ?? 0).toFixed(0)}.`;
