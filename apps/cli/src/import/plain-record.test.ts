import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { plainFields } from "./plain-record.ts";

const parsed = (text: string, delimiter: string) =>
  parse(text, { delimiter, record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true })[0];

const part = fc.constantFrom(
  "a",
  "é",
  "😀",
  " ",
  '"',
  '""',
  ",",
  ";",
  '",',
  ',"',
  "\r",
  "\n",
  "\r\n",
  "\uFEFF",
);
const records = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(""));
const delimiters = fc.constantFrom(",", ";", "\t", "😀");

it("a record that is read plainly has the fields that the parser finds", () => {
  let plain = 0;
  fc.assert(
    fc.property(records, delimiters, (text, delimiter) => {
      const fields = plainFields(text, delimiter);
      if (fields === null) return;
      plain += 1;
      expect(fields).toEqual(parsed(text, delimiter));
    }),
    { numRuns: 2000 },
  );
  expect(plain).toBeGreaterThan(100);
});

it("every field that is quoted as it should be is read plainly", () => {
  const values = fc.array(fc.string({ unit: part }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(values, delimiters, fc.constantFrom("", "\n", "\r\n"), (fields, delimiter, end) => {
      const quoted = fields.map((field) => `"${field.replaceAll('"', '""')}"`);
      expect(plainFields(quoted.join(delimiter) + end, delimiter)).toEqual(fields);
    }),
  );
});

it.each(['a"b', '"a"b', '"a', 'a,"b" ,c', "a\rb", "", "\n"])("is none to be read plainly: %j", (text) => {
  expect(plainFields(text, ",")).toBeNull();
});
