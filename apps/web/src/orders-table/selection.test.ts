import { expect, it } from "vitest";
import { extendTo, NOTHING, prune, toggle, without } from "./selection.ts";

const list = [5, 9, 2, 7];
const between = (a: number, b: number) => {
  const [from = 0, to = 0] = [list.indexOf(a), list.indexOf(b)].sort((x, y) => x - y);
  return list.slice(from, to + 1);
};

it("ticks and unticks a row", () => {
  const one = toggle(NOTHING, 9);
  expect([...one.ids]).toEqual([9]);
  expect(toggle(one, 9).ids.size).toBe(0);
});

it("ticks a range from the row that was ticked last, in either direction", () => {
  expect([...extendTo(toggle(NOTHING, 9), 7, between).ids].sort()).toEqual([2, 7, 9]);
  expect([...extendTo(toggle(NOTHING, 7), 9, between).ids].sort()).toEqual([2, 7, 9]);
  expect([...extendTo(NOTHING, 2, between).ids]).toEqual([2]);
});

it("forgets rows that are gone, and stays the same object when none is", () => {
  const two = toggle(toggle(NOTHING, 9), 2);
  expect([...prune(two, (id) => id !== 9).ids]).toEqual([2]);
  expect(prune(two, () => true)).toBe(two);
});

it("leaves out those that have left, however many are selected", () => {
  const all = { ids: new Set(Array.from({ length: 10_000 }, (_, index) => index + 1)), anchor: 3 };
  expect(without(all, new Set([3, 20_000]))).toEqual({ ids: prune(all, (id) => id !== 3).ids, anchor: 3 });
  expect(without(all, new Set([20_000]))).toBe(all);
});
