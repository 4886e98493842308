import { cpus, release, totalmem, type } from "node:os";

/** The machine that figures are of, in one line. */
export function machine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} cores (${processors[0]?.model.trim() ?? "unknown"}), ${memory} GiB, ${type()} ${release()}, Node ${process.versions.node}.`;
}
