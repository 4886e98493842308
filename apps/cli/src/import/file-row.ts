/** One record of a file: where it starts, as it stands there, and its values by column. */
export type FileRow =
  | {
      readonly kind: "row";
      /** The line on which it starts, counted from 1. */
      readonly line: number;
      readonly text: string;
      /** Strings in a CSV file, any JSON value in an NDJSON file. */
      readonly values: ReadonlyMap<string, unknown>;
    }
  | { readonly kind: "bad"; readonly line: number; readonly text: string; readonly reason: string };

/** A file that is being read. The rows may be read once. */
export interface FileRows {
  readonly format: FileFormat;
  /** A CSV file's column names, trimmed; null for NDJSON, whose rows name their own. */
  readonly headers: readonly string[] | null;
  readonly rows: AsyncIterable<FileRow>;
}

export const FILE_FORMATS = ["csv", "ndjson"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];
