import { expect, it } from "vitest";
import { menuPlace } from "./menu-anchor.ts";

const window = { width: 400, height: 600 };
const at = (left: number, top: number) => menuPlace({ left, top, width: 90, height: 24 }, window);

it("hangs below its button", () => {
  expect(at(50, 100)).toEqual({ left: 50, top: 128 });
});

it("goes above it where there is no room below", () => {
  expect(at(50, 560)).toEqual({ left: 50, top: 414 });
});

it("stays inside the window", () => {
  expect(at(380, 100).left).toBe(220);
  expect(at(-20, 100).left).toBe(8);
});
