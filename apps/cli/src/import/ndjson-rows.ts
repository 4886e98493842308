import type { FileRow, FileRows } from "./file-row.ts";
import type { TextLine } from "./text-lines.ts";

/** Reads a file of one JSON object a line. Empty lines are left out. */
export function readNdjson(lines: AsyncIterable<TextLine>): FileRows {
  return { format: "ndjson", headers: null, rows: ndjsonRows(lines) };
}

async function* ndjsonRows(lines: AsyncIterable<TextLine>): AsyncGenerator<FileRow> {
  for await (const line of lines) {
    if (line.kind === "bad") yield line;
    else if (line.text.trim() !== "") yield ndjsonRow(line.line, line.text);
  }
}

function ndjsonRow(line: number, text: string): FileRow {
  const value = parseJson(text);
  if (value === undefined) return { kind: "bad", line, text, reason: "the line is not JSON" };
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    return { kind: "bad", line, text, reason: "the line is not a JSON object" };
  }
  return { kind: "row", line, text, values: new Map<string, unknown>(Object.entries(value)) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
