import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteLines, MAX_LINE } from "./byte-lines.ts";

async function linesOf(chunks: readonly Buffer[]) {
  async function* source() {
    await Promise.resolve();
    yield* chunks;
  }
  const lines = [];
  for await (const line of byteLines(source())) lines.push(line);
  return lines;
}

describe("lines of a stream", () => {
  it("end in LF, CR LF or CR, and the last needs no end", async () => {
    const lines = await linesOf([Buffer.from("a\nb\r\nc\rd")]);
    expect(lines.map(({ bytes }) => bytes.toString())).toEqual(["a\n", "b\r\n", "c\r", "d"]);
    expect(lines.map(({ line }) => line)).toEqual([1, 2, 3, 4]);
  });

  it("are the same however the stream is cut into chunks", async () => {
    const text = fc.array(fc.constantFrom("a", "é", "\r", "\n", "\r\n", '"'), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(40)), async (parts, cuts) => {
        const bytes = Buffer.from(parts.join(""));
        const bounds = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
        expect(await linesOf(chunks)).toEqual(await linesOf([bytes]));
        expect(Buffer.concat((await linesOf(chunks)).map((line) => line.bytes))).toEqual(bytes);
      }),
    );
  });

  it("are cut off and marked when they are too long, and the next is whole", async () => {
    const [long, next] = await linesOf([Buffer.alloc(MAX_LINE, "x"), Buffer.from("yyy\nz\n")]);
    expect(long).toMatchObject({ tooLong: true, line: 1 });
    expect(long?.bytes.length).toBe(MAX_LINE);
    expect(next).toMatchObject({ tooLong: false, line: 2, bytes: Buffer.from("z\n") });
  });
});
