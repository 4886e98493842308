import { cursorSchema, type Cursor } from "@live-orders/protocol/cursor";
import { statusSet, type Status } from "@live-orders/protocol/status";
import { open, readFile, rename } from "node:fs/promises";
import { CliFailure } from "../terminal/cli-failure.ts";

/**
 * Where a reader stands, kept over its runs: the cursor on the first line, the statuses that it speaks for on the
 * second.
 */
export interface CursorFile {
  /**
   * Null if there is no such file yet.
   *
   * @throws CliFailure if it can't be read, holds no cursor, or speaks for other statuses
   */
  read(): Promise<Cursor | null>;
  /** Whoever reads the file sees the old cursor or the new one, whenever this process or the machine dies. */
  write(cursor: Cursor): Promise<void>;
}

export function cursorFile(path: string, statuses: readonly Status[] | undefined): CursorFile {
  const filter = statuses === undefined ? "all" : statusSet(statuses).join("+");
  return {
    async read() {
      const text = await readText(path);
      if (text === null) return null;
      const [first = "", second = `status:${filter}`] = text.trim().split(/\r?\n/);
      const cursor = cursorSchema.safeParse(first.trim());
      if (!cursor.success) throw new CliFailure("failed", `${path} holds no cursor`);
      if (second.trim() === `status:${filter}`) return cursor.data;
      const kept = second.replace("status:", "");
      throw new CliFailure(
        "usage",
        `${path} is the place of a reader of other statuses (${kept}): take another file for these`,
      );
    },
    async write(cursor) {
      const fresh = `${path}.${process.pid}.tmp`;
      const file = await open(fresh, "w");
      try {
        await file.writeFile(`${cursor}\nstatus:${filter}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(fresh, path);
    },
  };
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw new CliFailure("failed", `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
