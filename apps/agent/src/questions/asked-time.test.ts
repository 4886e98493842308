import { expect, it } from "vitest";
import { exactDuration, roughDuration, spanOf, type AskedTime } from "./asked-time.ts";

const NOW = Date.UTC(2026, 6, 15, 7, 30);

it.each<[AskedTime, string, string, string | null]>([
  [{ kind: "today" }, "UTC", "2026-07-15T00:00:00.000Z", null],
  [{ kind: "today" }, "Europe/Berlin", "2026-07-14T22:00:00.000Z", null],
  [{ kind: "today" }, "America/Los_Angeles", "2026-07-15T07:00:00.000Z", null],
  [{ kind: "yesterday" }, "Asia/Kolkata", "2026-07-13T18:30:00.000Z", "2026-07-14T18:30:00.000Z"],
  [{ kind: "since-yesterday" }, "UTC", "2026-07-14T00:00:00.000Z", null],
  [{ kind: "clock", minute: 420 }, "UTC", "2026-07-15T07:00:00.000Z", null],
  // It has not been nine yet today, in London it has been half past eight.
  [{ kind: "clock", minute: 540 }, "Europe/London", "2026-07-14T08:00:00.000Z", null],
  [{ kind: "clock", minute: 540 }, "Europe/Berlin", "2026-07-15T07:00:00.000Z", null],
  [{ kind: "last", ms: 60_000 }, "UTC", "2026-07-15T07:29:00.000Z", null],
])("%j in %s begins at %s", (time, zone, since, until) => {
  expect(spanOf(time, NOW, zone)).toMatchObject({ since, until });
});

it("a day has its own midnight where the clocks change", () => {
  const changing = Date.UTC(2026, 2, 29, 12);
  expect(spanOf({ kind: "today" }, changing, "Europe/Berlin").since).toBe("2026-03-28T23:00:00.000Z");
  expect(spanOf({ kind: "clock", minute: 540 }, changing, "Europe/Berlin").since).toBe(
    "2026-03-29T07:00:00.000Z",
  );
});

it("says exactly since when", () => {
  const words = (time: AskedTime) => spanOf(time, NOW, "UTC").words;
  expect(words({ kind: "clock", minute: 420 })).toBe("since 07:00 (UTC)");
  expect(words({ kind: "clock", minute: 540 })).toBe("since 2026-07-14 09:00 (UTC)");
  expect(words({ kind: "last", ms: 15_000 })).toBe("since 07:29:45 (UTC)");
  expect([exactDuration(86_400_000), exactDuration(5_400_000)]).toEqual(["1 day", "90 minutes"]);
  expect([roughDuration(90_000_000), roughDuration(400)]).toEqual(["1 day", "0 seconds"]);
});
