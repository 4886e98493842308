import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { FILE_FORMATS } from "./import/file-row.ts";
import { dateReader, type DateReader } from "./import/row-date.ts";
import { ENCODINGS } from "./import/text-lines.ts";

export const formatOption = () =>
  new Option("--format <format>", "csv or ndjson (default: by the file's name)").choices(FILE_FORMATS);

export const encodingOption = () =>
  new Option("--encoding <encoding>", "how the text is encoded").choices(ENCODINGS).default("utf-8" as const);

export const delimiterOption = () =>
  new Option(
    "--delimiter <char>",
    "what stands between two fields: a character, or tab (default: ,)",
  ).argParser(parseDelimiter);

export const dateFormatOption = () =>
  new Option("--date-format <format>", "of all dates, such as DD.MM.YYYY or D-M-YYYY HH:mm").argParser(
    parseDateFormat,
  );

function parseDelimiter(text: string): string {
  if (text === "tab" || text === "\\t") return "\t";
  if (/^[^\w\s"]$/u.test(text)) return text;
  throw new InvalidArgumentError("It must be one character, neither letter nor digit nor quote, or tab.");
}

function parseDateFormat(text: string): DateReader {
  const reader = dateReader(text);
  if (reader === null) {
    throw new InvalidArgumentError("It is made of YYYY, M or MM, D or DD, and if need be HH, mm, ss, SSS.");
  }
  return reader;
}
