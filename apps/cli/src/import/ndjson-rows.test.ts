import { expect, it } from "vitest";
import type { FileRow } from "./file-row.ts";
import { readNdjson } from "./ndjson-rows.ts";
import { textLines } from "./text-lines.ts";

it("an NDJSON file has a JSON object on each line; other lines are bad, empty ones are left out", async () => {
  async function* chunks() {
    await Promise.resolve();
    yield Buffer.from('\uFEFF{"id":1,"a":"x"}\r\n\n[1]\nnull\n{"id":\n{"__proto__":"y"}');
  }
  const rows: FileRow[] = [];
  for await (const row of readNdjson(textLines(chunks(), "utf-8")).rows) rows.push(row);
  expect(rows.map((row) => [row.line, row.kind === "bad" ? row.reason : [...row.values]])).toEqual([
    [
      1,
      [
        ["id", 1],
        ["a", "x"],
      ],
    ],
    [3, "the line is not a JSON object"],
    [4, "the line is not a JSON object"],
    [5, "the line is not JSON"],
    [6, [["__proto__", "y"]]],
  ]);
});
