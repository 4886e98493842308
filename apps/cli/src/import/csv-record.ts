import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { plainFields } from "./plain-record.ts";

export type CsvRecord =
  | { readonly kind: "fields"; readonly fields: readonly string[] }
  /** A quote is still open at the end: the record goes on in the next line, or never ends. */
  | { readonly kind: "open" }
  | { readonly kind: "bad"; readonly reason: string };

/**
 * Reads the text of one record (RFC 4180). A quote inside an unquoted field stands for itself (`3/4" tape`), text after
 * a closing quote is an error.
 */
export function parseCsvRecord(text: string, delimiter: string): CsvRecord {
  // The parser sets itself up anew for each record, and that takes ten times as long.
  const plain = plainFields(text, delimiter);
  if (plain !== null) return { kind: "fields", fields: plain };
  try {
    return { kind: "fields", fields: parseOne(text, delimiter, false) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === "CSV_QUOTE_NOT_CLOSED") return { kind: "open" };
    if (error.code !== "INVALID_OPENING_QUOTE") return { kind: "bad", reason: reasonOf(error) };
  }
  return parseRelaxed(text, delimiter);
}

function parseRelaxed(text: string, delimiter: string): CsvRecord {
  try {
    return { kind: "fields", fields: parseOne(text, delimiter, true) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return error.code === "CSV_QUOTE_NOT_CLOSED"
      ? { kind: "open" }
      : { kind: "bad", reason: reasonOf(error) };
  }
}

const RECORD_ENDS = ["\r\n", "\n", "\r"];

function parseOne(text: string, delimiter: string, relaxQuotes: boolean): readonly string[] {
  const [fields] = parse(text, {
    delimiter,
    record_delimiter: RECORD_ENDS,
    relax_quotes: relaxQuotes,
    relax_column_count: true,
    max_record_size: 0,
  });
  return fields ?? [];
}

const reasonOf = (error: CsvError): string =>
  error.code === "CSV_INVALID_CLOSING_QUOTE" ? "there is text after a closing quote" : error.message;
