import { isUtf8 } from "node:buffer";
import { CliFailure } from "../terminal/cli-failure.ts";
import { byteLines } from "./byte-lines.ts";

/** Supersets of ASCII, so that lines can be split before they are decoded. */
export const ENCODINGS = ["utf-8", "windows-1252", "latin1"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One physical line as text, its end included; or why it is none. */
export type TextLine =
  | { readonly kind: "text"; readonly line: number; readonly text: string }
  | { readonly kind: "bad"; readonly line: number; readonly text: string; readonly reason: string };

/** Decodes a stream line by line, without its byte order mark. A line that is not valid is told, the next is read. */
export async function* textLines(
  chunks: AsyncIterable<Buffer>,
  encoding: Encoding,
): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  for await (const { bytes, line, tooLong } of byteLines(chunks)) {
    if (line === 1) refuseUtf16(bytes);
    const decoded = decoder.decode(bytes);
    const text = line === 1 && decoded.startsWith("\uFEFF") ? decoded.slice(1) : decoded;
    if (tooLong) yield { kind: "bad", line, text: text.slice(0, 1000), reason: "the line is too long" };
    else if (encoding === "utf-8" && !isUtf8(bytes)) {
      yield { kind: "bad", line, text, reason: "the line is not valid UTF-8 (see --encoding)" };
    } else yield { kind: "text", line, text };
  }
}

function refuseUtf16(bytes: Buffer): void {
  const mark = bytes.subarray(0, 2).toString("hex");
  if (mark !== "fffe" && mark !== "feff") return;
  throw new CliFailure("failed", "the file is UTF-16: convert it first (iconv -f UTF-16 -t UTF-8)");
}
