import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClockOffset } from "./clock-offset.ts";

describe("the offset of the server's clock", () => {
  it("C-LAG-1: is nought for as long as nothing says otherwise", () => {
    const offset = new ClockOffset();
    offset.sawChange(1000, 1010);
    offset.sawWrite(2005, 2000);
    offset.sawDate(2000, 2500, 2510);
    expect(offset.estimate()).toBe(0);
  });

  it("C-LAG-1: is as large as the observations ask for, whatever the clocks and the delays are", () => {
    const delay = fc.nat(300);
    const seen = fc.record({ kind: fc.constantFrom("change", "write", "date"), there: delay, back: delay });
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 5000 }), fc.array(seen, { minLength: 1 }), (real, sights) => {
        const offset = new ClockOffset();
        let now = 1_000_000;
        for (const { kind, there, back } of sights) {
          const sent = now;
          const server = sent + there + real;
          now += there + back;
          if (kind === "change") offset.sawChange(server, now);
          else if (kind === "write") offset.sawWrite(server, sent);
          else offset.sawDate(Math.floor(server / 1000) * 1000, sent, now);
        }
        // Never beyond the real offset, seen from nought: a lag is never made up.
        const estimate = offset.estimate();
        expect(Math.abs(estimate)).toBeLessThanOrEqual(Math.abs(real));
        if (estimate !== 0) expect(Math.sign(estimate)).toBe(Math.sign(real));
        if (sights.some(({ kind }) => kind === "date"))
          expect(Math.abs(real - estimate)).toBeLessThanOrEqual(1600);
      }),
    );
  });

  it("C-LAG-2: what was known before a clock was set is void", () => {
    const offset = new ClockOffset();
    offset.sawWrite(1000, 6000);
    expect(offset.estimate()).toBe(-5000);
    offset.sawChange(20_000, 10_000);
    expect(offset.estimate()).toBe(10_000);
  });
});
