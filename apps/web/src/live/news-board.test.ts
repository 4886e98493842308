import { expect, it } from "vitest";
import { FakeLive, orderAt } from "./fake-live.ts";
import { HandClock } from "./hand-clock.ts";
import { burstSentence, createNewsBoard } from "./news-board.ts";

function board() {
  const live = new FakeLive();
  const clock = new HandClock();
  const news = createNewsBoard(live, clock);
  const told: string[] = [];
  news.subscribe(() => told.push(news.sentence()));
  return { live, clock, news, told };
}

it("says one sentence for a burst, when it is quiet again", () => {
  const { live, clock, told } = board();
  live.change(1, orderAt(1, 1));
  live.change(2, orderAt(2, 1));
  live.change(2, orderAt(2, 2));
  expect(told).toEqual([]);
  clock.pass(1200);
  live.change(2, orderAt(2, 3));
  clock.pass(1200);
  expect(told).toEqual(["2 new orders", "1 order changed"]);
});

it("says something every six seconds of a burst that does not end", () => {
  const { live, clock, told } = board();
  for (let second = 0; second < 13; second += 1) {
    live.change(1, orderAt(1, second));
    clock.pass(1000);
  }
  expect(told.length).toBe(2);
});

it("is silent about this person's own writes and about pages", () => {
  const { live, clock, told } = board();
  live.change(1, orderAt(1, 1), { by: "own" });
  live.change(2, orderAt(2, 1), { by: "load" });
  clock.pass(10_000);
  expect(told).toEqual([]);
});

it("counts new orders while the person looks away", () => {
  const { live, news } = board();
  live.change(1, orderAt(1, 1));
  news.look(false);
  live.change(2, orderAt(2, 1));
  live.change(2, orderAt(2, 2));
  expect(news.unseen()).toBe(1);
  news.look(true);
  expect(news.unseen()).toBe(0);
});

it("names both kinds of news", () => {
  expect(burstSentence(3, 1200)).toBe("3 new orders, 1,200 orders changed");
});
