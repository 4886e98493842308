import { describe, expect, it } from "vitest";
import { dateReader, readDate } from "./row-date.ts";

describe("a date", () => {
  it.each([
    ["11/8/2018", "2018-11-08T00:00:00.000Z"],
    ["02/29/2016", "2016-02-29T00:00:00.000Z"],
    ["1/2/2020 9:05", "2020-01-02T09:05:00.000Z"],
    ["2018-11-08", "2018-11-08T00:00:00.000Z"],
    ["2018-11-08 14:05", "2018-11-08T14:05:00.000Z"],
    ["2018-11-08T14:05:06.7", "2018-11-08T14:05:06.700Z"],
    ["2018-11-08T14:05:06.123456Z", "2018-11-08T14:05:06.123Z"],
    ["2018-11-08T00:30:00+02:00", "2018-11-07T22:30:00.000Z"],
    ["2018-11-08T23:30:00-0130", "2018-11-09T01:00:00.000Z"],
    ["0099-01-01", "0099-01-01T00:00:00.000Z"],
  ])("%s is %s", (text, iso) => {
    expect(readDate(text)?.toISOString()).toBe(iso);
  });

  it.each([
    "13/1/2018",
    "2/30/2019",
    "2019-02-29",
    "2019-13-01",
    "2019-00-10",
    "2019-01-01T24:00",
    "0000-01-01",
    "8.11.2018",
    "1/1/18",
    "tomorrow",
    "2019-01-01x",
    "0001-01-01T00:00:00+10:00",
    "9999-12-31T23:59:00-10:00",
  ])("%s is none", (text) => {
    expect(readDate(text)).toBeNull();
  });
});

describe("--date-format", () => {
  it.each([
    ["DD.MM.YYYY", "08.11.2018", "2018-11-08T00:00:00.000Z"],
    ["D-M-YYYY HH:mm", "8-11-2018 07:30", "2018-11-08T07:30:00.000Z"],
    ["YYYYMMDD", "20181108", "2018-11-08T00:00:00.000Z"],
    ["YYYY/MM/DD H:mm:ss.SSS", "2018/11/08 7:30:01.002", "2018-11-08T07:30:01.002Z"],
  ])("%s reads %s", (format, text, iso) => {
    expect(dateReader(format)?.(text)?.toISOString()).toBe(iso);
  });

  it("reads nothing else", () => {
    const reader = dateReader("DD.MM.YYYY");
    for (const text of ["8.11.2018", "08x11x2018", "31.02.2019", "11/8/2018"])
      expect(reader?.(text)).toBeNull();
  });

  it.each(["", "YYYY", "DD.MM", "D.D.YYYY", "YYYY-MM-DD MM"])("%j is none", (format) => {
    expect(dateReader(format)).toBeNull();
  });
});
