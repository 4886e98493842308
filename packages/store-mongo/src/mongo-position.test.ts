import fc from "fast-check";
import { Timestamp } from "mongodb";
import { expect, it } from "vitest";
import {
  comparePlaces,
  completeAt,
  placeOf,
  positionOf,
  writePosition,
  type Place,
} from "./mongo-position.ts";

const place = fc.record({
  time: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((time) => new Timestamp(time)),
  n: fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constant(Infinity)),
});

it("a position is its place and back", () => {
  fc.assert(
    fc.property(place, (one) => {
      expect(comparePlaces(placeOf(positionOf(one)) ?? completeAt(new Timestamp(0n)), one)).toBe(0);
    }),
  );
});

it("plain string comparison gives the order of places", () => {
  const near = fc
    .tuple(place, fc.boolean(), fc.nat(3))
    .map(([one, same, n]): [Place, Place] => [one, same ? { time: one.time, n } : completeAt(one.time)]);
  fc.assert(
    fc.property(fc.oneof(fc.tuple(place, place), near), ([a, b]) => {
      const byText = positionOf(a) < positionOf(b) ? -1 : positionOf(a) > positionOf(b) ? 1 : 0;
      expect(byText).toBe(Math.sign(comparePlaces(a, b)));
    }),
  );
});

it("a transaction's first change has the number 1, and all of them are before the end of their time", () => {
  const time = new Timestamp({ t: 0x6b026b12, i: 12 });
  expect(writePosition(time, 0)).toBe("6b026b120000000c.00000001");
  expect(positionOf(completeAt(time))).toBe("6b026b120000000c.z");
});

it.each([
  "",
  "z",
  "6b026b120000000c",
  "6b026b120000000c.",
  "6b026b120000000c.1",
  "6B026b120000000c.z",
  "0.z",
])("%j is no position", (text) => {
  expect(placeOf(text)).toBeNull();
});
