import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientFrame } from "../../test/client-frame.ts";
import { textFrame, takeWholeTexts } from "./text-frame.ts";

const LIMIT = 100_000;
const read = (bytes: Buffer): string[] | undefined => takeWholeTexts(bytes, LIMIT) ?? undefined;

describe("textFrame", () => {
  it.each([
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 0xff, 0xff]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])("tells a length of %i bytes in as many as it takes", (length, head) => {
    const frame = textFrame("x".repeat(length));
    expect([...frame.subarray(0, head.length)]).toEqual(head);
    expect(frame.length).toBe(head.length + length);
  });
});

describe("takeWholeTexts", () => {
  it("has each text of whole frames, of any length that is allowed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 300 }), { minLength: 1, maxLength: 4 }),
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        (texts, mask) => {
          const bytes = Buffer.concat(texts.map((text) => clientFrame({ payload: text, mask })));
          expect(read(bytes)).toEqual(texts);
        },
      ),
    );
  });

  it("has none of bytes that end within a frame", () => {
    const bytes = Buffer.concat([clientFrame({ payload: "one" }), clientFrame({ payload: "x".repeat(200) })]);
    const whole = clientFrame({ payload: "one" }).length;
    for (let end = 1; end < bytes.length; end += 1) {
      expect(read(Buffer.from(bytes.subarray(0, end)))).toEqual(end === whole ? ["one"] : undefined);
    }
  });

  it.each([
    ["a part of a message", clientFrame({ payload: "a", final: false })],
    ["the rest of one", clientFrame({ payload: "a", opcode: 0 })],
    ["binary data", clientFrame({ payload: "a", opcode: 2 })],
    ["a close", clientFrame({ payload: "", opcode: 8 })],
    ["a ping", clientFrame({ payload: "a", opcode: 9 })],
    ["a compressed one", clientFrame({ payload: "a", reserved: 0x40 })],
    ["one without a mask", textFrame("a")],
    ["one that is not UTF-8", clientFrame({ payload: Buffer.from([0xc3, 0x28]) })],
    ["one that is longer than allowed", clientFrame({ payload: "x".repeat(300) })],
  ])("has none where there is %s among them, and leaves the bytes as they came", (_, frame) => {
    const text = clientFrame({ payload: "a" });
    expect(takeWholeTexts(Buffer.from(text), 299)).toEqual(["a"]);
    for (const bytes of [Buffer.concat([text, frame]), Buffer.concat([frame, text])]) {
      const before = Buffer.from(bytes);
      expect(takeWholeTexts(bytes, 299)).toBeNull();
      expect(bytes).toEqual(before);
    }
  });
});
