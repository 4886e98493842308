import { CliFailure } from "../terminal/cli-failure.ts";
import { parseCsvRecord } from "./csv-record.ts";
import type { FileRow, FileRows } from "./file-row.ts";
import type { TextLine } from "./text-lines.ts";

/** A quoted field may run over several lines, but not for ever: one forgotten quote must not swallow the file. */
const MAX_RECORD_LINES = 100;

type RawRecord =
  | {
      readonly kind: "record";
      readonly line: number;
      readonly text: string;
      readonly fields: readonly string[];
    }
  | Extract<FileRow, { kind: "bad" }>;

/**
 * Reads a CSV file (RFC 4180) with a header line, in constant memory. Header names are trimmed. A record that can't be
 * read is told with its first line, and reading goes on with the line after that.
 *
 * @throws CliFailure if there is no header line
 */
export async function readCsv(lines: AsyncIterable<TextLine>, delimiter: string): Promise<FileRows> {
  const records = csvRecords(lines, delimiter);
  const first = await records.next();
  if (first.done === true) throw new CliFailure("failed", "the file is empty: it has no header line");
  if (first.value.kind === "bad") {
    throw new CliFailure("failed", `the header line can't be read: ${first.value.reason}`);
  }
  const headers = first.value.fields.map((name) => name.trim());
  return { format: "csv", headers, rows: csvRows(records, headers) };
}

async function* csvRows(
  records: AsyncIterable<RawRecord>,
  headers: readonly string[],
): AsyncGenerator<FileRow> {
  for await (const record of records) {
    if (record.kind === "bad") {
      yield record;
      continue;
    }
    const { line, text, fields } = record;
    if (fields.length === headers.length) {
      const values = new Map(headers.map((name, index) => [name, fields[index] ?? ""]));
      yield { kind: "row", line, text, values };
    } else {
      const reason = `it has ${fields.length} fields, the header has ${headers.length}`;
      yield { kind: "bad", line, text, reason };
    }
  }
}

/** Joins physical lines while a quote is open. Empty lines are left out. */
async function* csvRecords(lines: AsyncIterable<TextLine>, delimiter: string): AsyncGenerator<RawRecord> {
  const source = new RereadableLines(lines);
  for (let line = await source.next(); line !== null; line = await source.next()) {
    if (line.kind === "bad") yield line;
    else if (line.text.trim() !== "") yield await recordAt(line, source, delimiter);
  }
}

async function recordAt(
  first: Extract<TextLine, { kind: "text" }>,
  source: RereadableLines,
  delimiter: string,
): Promise<RawRecord> {
  let { text } = first;
  const { line } = first;
  const more: TextLine[] = [];
  for (;;) {
    const record = parseCsvRecord(text, delimiter);
    if (record.kind === "fields") return { kind: "record", line, text, fields: record.fields };
    const next = record.kind === "open" && more.length < MAX_RECORD_LINES ? await source.next() : null;
    if (next !== null) more.push(next);
    if (next?.kind === "text") {
      text += next.text;
      continue;
    }
    source.putBack(more);
    const reason = record.kind === "bad" ? record.reason : "a quote is opened and never closed";
    return { kind: "bad", line, text: first.text, reason };
  }
}

class RereadableLines {
  readonly #lines: AsyncIterator<TextLine>;
  #waiting: TextLine[] = [];

  constructor(lines: AsyncIterable<TextLine>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async next(): Promise<TextLine | null> {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting;
    const next = await this.#lines.next();
    return next.done === true ? null : next.value;
  }

  /** What was read too far, to be read again. */
  putBack(lines: readonly TextLine[]): void {
    this.#waiting = [...lines, ...this.#waiting];
  }
}
