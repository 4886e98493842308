import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv } from "./csv-rows.ts";
import type { FileRow } from "./file-row.ts";
import { textLines, type Encoding } from "./text-lines.ts";

const read = (content: string | Buffer, delimiter = ",", encoding: Encoding = "utf-8") =>
  readChunks([Buffer.from(content)], delimiter, encoding);

async function readChunks(parts: readonly Buffer[], delimiter: string, encoding: Encoding) {
  async function* chunks() {
    await Promise.resolve();
    yield* parts;
  }
  const file = await readCsv(textLines(chunks(), encoding), delimiter);
  const rows: FileRow[] = [];
  for await (const row of file.rows) rows.push(row);
  return { headers: file.headers, rows };
}

const values = (row: FileRow | undefined) =>
  row?.kind === "row" ? Object.fromEntries(row.values) : row?.reason;

describe("a CSV file", () => {
  it("has a header line, whose names are read without a byte order mark and outer spaces", async () => {
    const { headers, rows } = await read("\uFEFFid , Customer Name,name\r\n1,Claire,x\r\n");
    expect(headers).toEqual(["id", "Customer Name", "name"]);
    expect(values(rows[0])).toEqual({ id: "1", "Customer Name": "Claire", name: "x" });
  });

  it("keeps quoted delimiters, quotes and line ends, and non-breaking spaces", async () => {
    const { rows } = await read('id,name\r\n1,"a, ""b""\r\nc"\r\n2,d\u00A0e\r\n');
    expect(values(rows[0])).toEqual({ id: "1", name: 'a, "b"\r\nc' });
    expect(values(rows[1])).toEqual({ id: "2", name: "d\u00A0e" });
  });

  it("tells each row's first line, counting empty ones and those inside quotes", async () => {
    const { rows } = await read('id,name\n\n1,"a\nb"\n2,c\n');
    expect(rows.map(({ line }) => line)).toEqual([3, 5]);
  });

  it("takes a quote inside an unquoted field as it stands", async () => {
    const { rows } = await read('id,name\n1,3/4" tape\n2,b\n');
    expect(rows.map(values)).toEqual([
      { id: "1", name: '3/4" tape' },
      { id: "2", name: "b" },
    ]);
  });

  it("gives up only the line of a quote that is never closed", async () => {
    const rest = Array.from({ length: 300 }, (_, index) => `${index + 2},b`);
    const { rows } = await read(["id,name", '1,"open', ...rest].join("\n"));
    expect(rows[0]).toEqual({
      kind: "bad",
      line: 2,
      text: '1,"open\n',
      reason: "a quote is opened and never closed",
    });
    expect(rows.slice(1).map(values)).toEqual(rest.map((_, index) => ({ id: String(index + 2), name: "b" })));
    expect(rows.at(-1)?.line).toBe(302);
  });

  it("gives up only the line with text after a closing quote", async () => {
    const { rows } = await read('id,name\n1,"a"b\n2,c\n');
    expect(rows.map(values)).toEqual(["there is text after a closing quote", { id: "2", name: "c" }]);
  });

  it("gives up a line with more or fewer fields than the header", async () => {
    const { rows } = await read("id,name\n1,a,b\n2\n3,c\n");
    expect(rows.map(values)).toEqual([
      "it has 3 fields, the header has 2",
      "it has 1 fields, the header has 2",
      { id: "3", name: "c" },
    ]);
  });

  it("gives up a line that is not valid UTF-8, and reads it under the encoding that it has", async () => {
    const bytes = Buffer.from("id,name\n1,caf\u00E9\n2,b\n", "latin1");
    expect((await read(bytes)).rows.map(values)).toEqual([
      "the line is not valid UTF-8 (see --encoding)",
      { id: "2", name: "b" },
    ]);
    expect(values((await read(bytes, ",", "windows-1252")).rows[0])).toEqual({ id: "1", name: "café" });
  });

  it("may have another delimiter", async () => {
    expect(values((await read("id\tname\n1\ta,b\n", "\t")).rows[0])).toEqual({ id: "1", name: "a,b" });
  });

  it("has the fields that were written, quoted or not, wherever its bytes are cut into chunks", async () => {
    const part = fc.constantFrom("a", "é", "😀", " ", '"', ",", ";", "\r", "\n", "\r\n", "\uFEFF");
    const record = fc.tuple(fc.string({ unit: part, maxLength: 8 }), fc.string({ unit: part, maxLength: 8 }));
    const mustQuote = /[",;\r\n]/;
    const written = fc.record({
      mark: fc.constantFrom("", "\uFEFF"),
      end: fc.constantFrom("\n", "\r\n", "\r"),
      delimiter: fc.constantFrom(",", ";", "😀"),
      records: fc.array(record, { maxLength: 6 }),
      quoteAll: fc.boolean(),
      size: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(written, async ({ mark, end, delimiter, records, quoteAll, size }) => {
        const field = (text: string) =>
          quoteAll || mustQuote.test(text) || text.includes(delimiter)
            ? `"${text.replaceAll('"', '""')}"`
            : text;
        const lines = [["x", "y", "z"], ...records.map((fields) => ["1", ...fields])];
        const bytes = Buffer.from(
          mark + lines.map((fields) => fields.map(field).join(delimiter) + end).join(""),
        );
        const count = Math.ceil(bytes.length / size);
        const chunks = Array.from({ length: count }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const { headers, rows } = await readChunks(chunks, delimiter, "utf-8");
        expect(headers).toEqual(["x", "y", "z"]);
        expect(rows.map(values)).toEqual(records.map(([y, z]) => ({ x: "1", y, z })));
      }),
    );
  });

  it("is refused when it is empty or UTF-16", async () => {
    await expect(read("")).rejects.toThrow("it has no header line");
    await expect(read(Buffer.from("\uFEFFid\n", "utf16le"))).rejects.toThrow("UTF-16");
  });
});
