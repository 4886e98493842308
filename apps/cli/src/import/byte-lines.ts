const LF = 0x0a;
const CR = 0x0d;

/** In bytes. A row of two names of 200 characters is far below it; a longer line is no row. */
export const MAX_LINE = 256 * 1024;

/** One physical line, its end included. `tooLong` lines are cut off at `MAX_LINE`. */
export interface ByteLine {
  readonly bytes: Buffer;
  /** Counted from 1. */
  readonly line: number;
  readonly tooLong: boolean;
}

/**
 * Splits a stream into lines that end in LF, CR LF or CR (all the encodings taken here are supersets of ASCII). Holds
 * one line and one chunk at most.
 */
export async function* byteLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<ByteLine> {
  const current = new LineBuffer();
  let line = 1;
  let afterCr = false;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    let start = 0;
    if (afterCr) {
      // Whether the CR was a line's end or half of one shows only now.
      if (chunk[0] === LF) {
        current.add(chunk.subarray(0, 1));
        start = 1;
      }
      yield { line, ...current.take() };
      line += 1;
      afterCr = false;
    }
    while (start < chunk.length) {
      const end = lineEnd(chunk, start);
      if (end === null) break;
      current.add(chunk.subarray(start, end));
      start = end;
      if (chunk[end - 1] === CR && end === chunk.length) afterCr = true;
      else {
        yield { line, ...current.take() };
        line += 1;
      }
    }
    current.add(chunk.subarray(start));
  }
  if (current.size > 0) yield { line, ...current.take() };
}

/** The index behind the next line's end, or null if there is none. */
function lineEnd(chunk: Buffer, from: number): number | null {
  const lf = chunk.indexOf(LF, from);
  const cr = chunk.subarray(from, lf === -1 ? chunk.length : lf).indexOf(CR);
  if (cr === -1) return lf === -1 ? null : lf + 1;
  const next = from + cr + 1;
  return next === lf ? lf + 1 : next;
}

class LineBuffer {
  #parts: Buffer[] = [];
  size = 0;

  add(bytes: Buffer): void {
    const room = MAX_LINE - Math.min(this.size, MAX_LINE);
    if (room > 0 && bytes.length > 0) this.#parts.push(bytes.subarray(0, room));
    this.size += bytes.length;
  }

  take(): { bytes: Buffer; tooLong: boolean } {
    const taken = { bytes: Buffer.concat(this.#parts), tooLong: this.size > MAX_LINE };
    this.#parts = [];
    this.size = 0;
    return taken;
  }
}
