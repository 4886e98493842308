import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { CliFailure } from "../terminal/cli-failure.ts";
import { readCsv } from "./csv-rows.ts";
import type { FileFormat, FileRows } from "./file-row.ts";
import { readNdjson } from "./ndjson-rows.ts";
import { textLines, type Encoding } from "./text-lines.ts";

export interface SourceOptions {
  /** `-` is stdin. */
  readonly file: string;
  /** By the file's name, or its first line, if undefined. */
  readonly format: FileFormat | undefined;
  readonly encoding: Encoding;
  /** By the file's extension, if undefined. */
  readonly delimiter: string | undefined;
}

export interface SourceFile {
  readonly rows: FileRows;
  readonly delimiter: string;
  /** The path, absolute; `-` for stdin. */
  readonly name: string;
  /** In bytes; null for stdin and other streams. */
  readonly size: number | null;
  /** In bytes, so far. */
  readonly bytesRead: () => number;
}

/** @throws CliFailure if the file can't be read, or is a CSV file without a header line */
export async function openSource(options: SourceOptions, stdin: Readable): Promise<SourceFile> {
  const { file, encoding } = options;
  const delimiter = options.delimiter ?? (/\.tsv$/i.test(file) ? "\t" : ",");
  const size = file === "-" ? null : await sizeOf(file);
  let read = 0;
  const count = (bytes: number) => (read += bytes);
  const chunks = counted(file === "-" ? stdin : createReadStream(file), file, count);
  const { first, all: lines } = await peeked(textLines(chunks, encoding));
  const format = options.format ?? formatOf(file, first?.text ?? "");
  return {
    rows: format === "csv" ? await readCsv(lines, delimiter) : readNdjson(lines),
    delimiter,
    name: file === "-" ? "-" : resolve(file),
    size,
    bytesRead: () => read,
  };
}

/** By the name; where that says nothing, by whether the first line begins as a JSON object does. */
function formatOf(file: string, firstLine: string): FileFormat {
  if (/\.(csv|tsv)$/i.test(file)) return "csv";
  if (/\.(ndjson|jsonl)$/i.test(file)) return "ndjson";
  return firstLine.trimStart().startsWith("{") ? "ndjson" : "csv";
}

/** The first element, and all of them with it. */
async function peeked<T>(
  source: AsyncGenerator<T>,
): Promise<{ first: T | undefined; all: AsyncGenerator<T> }> {
  const head = await source.next();
  if (head.done === true) return { first: undefined, all: source };
  const first = head.value;
  async function* all() {
    yield first;
    yield* source;
  }
  return { first, all: all() };
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new CliFailure("failed", `${file} is a folder`);
    return found.isFile() ? found.size : null;
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function* counted(
  stream: Readable,
  file: string,
  count: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream as AsyncIterable<Buffer | string>) {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      count(bytes.length);
      yield bytes;
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
  const why = missing ? "there is no such file" : error instanceof Error ? error.message : String(error);
  return new CliFailure("failed", `${file}: ${why}`);
}
