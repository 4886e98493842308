import { readFile } from "node:fs/promises";

/** What a process holds in RAM now, in bytes; from `/proc`. */
export const processMemory = (pid: number): Promise<number> => statusOf(pid, "VmRSS");

/** The same without pages of files (the program's own text above all), which the kernel takes back from one that rests. */
export const ownMemory = (pid: number): Promise<number> => statusOf(pid, "RssAnon");

async function statusOf(pid: number, name: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const [, kibibytes] = new RegExp(String.raw`^${name}:\s+(\d+) kB$`, "m").exec(status) ?? [];
  if (kibibytes === undefined) throw new Error(`/proc/${pid}/status does not tell its ${name}`);
  return Number(kibibytes) * 1024;
}
