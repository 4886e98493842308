import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./cursor-parts.ts";

const parts = fc.record({
  generation: fc.stringMatching(/^[A-Za-z0-9-]{1,64}$/),
  position: fc.stringMatching(/^[A-Za-z0-9.]{1,64}$/),
});

test("a cursor reads as it was made, and needs no escape in a URL", () => {
  fc.assert(
    fc.property(parts, (made) => {
      const cursor = encodeCursor(made);
      expect(decodeCursor(cursor)).toEqual(made);
      expect(encodeURIComponent(cursor)).toBe(cursor);
    }),
  );
});

test("a cursor that was cut off or altered is malformed", () => {
  fc.assert(
    fc.property(parts, fc.nat(), fc.stringMatching(/^[\x20-\x7e]$/), (made, at, char) => {
      const cursor = encodeCursor(made);
      expect(decodeCursor(cursor.slice(0, at % cursor.length))).toBeNull();
      const altered = cursor.slice(0, at % cursor.length) + char + cursor.slice((at % cursor.length) + 1);
      if (altered !== cursor) expect(decodeCursor(altered)).toBeNull();
    }),
  );
  for (const wrong of ["", "1~~~", "null", "1~a~b~00000000", "0".repeat(1024)])
    expect(decodeCursor(wrong)).toBeNull();
});
