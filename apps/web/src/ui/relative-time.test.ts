import { expect, it } from "vitest";
import { clockTime, relativeTime } from "./relative-time.ts";

const now = new Date(2024, 5, 15, 12).getTime();
const ago = (seconds: number) => relativeTime(now - seconds * 1000, now);

it("says how long ago in the largest whole unit", () => {
  expect([ago(3), ago(10), ago(119), ago(7200), ago(3 * 86_400)]).toEqual([
    "just now",
    "10 s ago",
    "1 min ago",
    "2 h ago",
    "3 d ago",
  ]);
});

it("says the day after a month, and the year when it is another", () => {
  expect(ago(60 * 86_400)).not.toMatch(/2024|ago/);
  expect(ago(300 * 86_400)).toMatch(/2023/);
});

it("takes a clock that is behind the server's for now", () => {
  expect(ago(-30)).toBe("just now");
});

it("says today's time to the second, and how long ago another day was", () => {
  const earlier = new Date(2024, 5, 15, 9, 3, 20).getTime();
  expect(clockTime(earlier, now)).toMatch(/9:03:20/);
  expect(clockTime(now - 2 * 86_400_000, now)).toBe("2 d ago");
});
