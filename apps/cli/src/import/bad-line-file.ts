import { stringify } from "csv-stringify/sync";
import { open, type FileHandle } from "node:fs/promises";
import { CliFailure } from "../terminal/cli-failure.ts";
import type { FileRows } from "./file-row.ts";
import type { BadLine } from "./import-batch.ts";

/**
 * The rows that did not go in, each with its line and the reason, as they stood in the file: mended there, the file can
 * be imported itself, by the same columns. It is made with the first bad line.
 */
export interface BadLineFile {
  write(bad: BadLine): Promise<void>;
  close(): Promise<void>;
}

export function badLineFile(
  path: string,
  of: Pick<FileRows, "format" | "headers">,
  delimiter: string,
): BadLineFile {
  let file: FileHandle | null = null;
  const format = of.format === "csv" ? csvFormat(of.headers ?? [], delimiter) : ndjsonFormat;
  return {
    async write(bad) {
      if (file === null) {
        file = await openBadFile(path);
        await file.write(format.head);
      }
      await file.write(format.line(bad));
    },
    close: async () => file?.close(),
  };
}

async function openBadFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "w");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliFailure("failed", `the bad lines can't be written to a file: ${why} (see --bad)`);
  }
}

interface BadLineFormat {
  readonly head: string;
  readonly line: (bad: BadLine) => string;
}

/** The line's text follows as it stood, so that nothing of it is lost, however broken its quotes are. */
function csvFormat(headers: readonly string[], delimiter: string): BadLineFormat {
  return {
    head: stringify([["bad_line", "bad_reason", ...headers]], { delimiter }),
    line: ({ line, reason, text }) =>
      stringify([[line, reason]], { delimiter, eof: false }) + delimiter + withoutEnd(text) + "\n",
  };
}

const ndjsonFormat: BadLineFormat = {
  head: "",
  line: ({ line, reason, text }) => {
    const row = withoutEnd(text).trim();
    return `${JSON.stringify({ bad_line: line, bad_reason: reason, ...(jsonObject(row) ?? { text: row }) })}\n`;
  },
};

const withoutEnd = (text: string): string => text.replace(/(\r\n|\n|\r)$/, "");

function jsonObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
