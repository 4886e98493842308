import { expect, it } from "vitest";
import { positionOf, sequenceOf } from "./postgres-position.ts";

const SEQUENCES = ["0", "1", "15", "16", "255", "4294967296", "1795322966000123", "9223372036854775807"];

it("positions sort as the sequence does", () => {
  const positions = SEQUENCES.map(positionOf);
  expect([...positions].reverse().sort()).toEqual(positions);
});

it("a position gives its sequence back", () => {
  for (const sequence of SEQUENCES) expect(sequenceOf(positionOf(sequence))).toBe(sequence);
});

it.each([
  "",
  "1",
  "8000000000000000",
  "ffffffffffffffff",
  "000000000000000G",
  "000000000000000A",
  "00000000000000001",
  "65f0.00000001",
])("%j is no position of this store", (position) => {
  expect(sequenceOf(position)).toBeNull();
});
