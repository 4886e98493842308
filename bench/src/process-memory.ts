import { readFile } from "node:fs/promises";

/** What a process holds in RAM now, in bytes; from `/proc`. */
export async function processMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/status does not tell its VmRSS`);
  return Number(kibibytes) * 1024;
}
