import { readFile } from "node:fs/promises";

/** Linux counts in hundredths of a second, whatever its own clock's rate (`USER_HZ`). */
const TICKS_PER_SECOND = 100;

/** The processor time that a process has used so far, user and system, in seconds; from `/proc`. */
export async function processCpu(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The second field, the program's name, may have spaces; what follows its bracket has none.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
