import { expect, it } from "vitest";
import { boundWord } from "./bound-word.ts";

it("says of the whole list that the latest are shown", () => {
  expect(boundWord({ shown: 100_000, missing: 150_000, q: "" })).toContain(
    "latest 100,000 of 250,000 orders",
  );
});

it("says of a search how many of what it finds are shown", () => {
  expect(boundWord({ shown: 120, missing: 30, q: "chair" })).toContain("120 of the 150 orders that match");
});

it("says nothing when the server finds no more than is shown", () => {
  expect(boundWord({ shown: 12, missing: 0, q: "chair" })).toBeNull();
  expect(boundWord({ shown: 12, missing: -1, q: "" })).toBeNull();
});
