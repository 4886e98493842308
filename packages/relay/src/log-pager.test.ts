import { expect, test } from "vitest";
import { ChangeLog } from "./change-log.ts";
import { FakeDatabase, positionOf } from "./fakes/fake-database.ts";
import { LogEntry } from "./log-entry.ts";
import { LogPager } from "./log-pager.ts";

const pending = { room: "status:pending", statuses: ["pending"] } as const;

function pagerOver(changes: number): { db: FakeDatabase; log: ChangeLog; pager: LogPager } {
  const db = new FakeDatabase();
  const log = new ChangeLog({ logChanges: 100, logBytes: 1e9 });
  log.restart(db.at);
  for (let count = 0; count < changes; count += 1)
    log.append([new LogEntry(db.commit(null, "pending"))], db.at);
  return { db, log, pager: new LogPager(log, { pageChanges: 4, pageBytes: 1e9 }) };
}

test("R-BOUND-2, R-ORDER-1: pages follow each other without a gap, and the last one reaches the head", () => {
  const { db, pager } = pagerOver(10);
  const first = { generation: "one", position: positionOf(1) };
  const pages = [pager.page(first, pending)];
  while (pages.length < 9 && !pages.at(-1)?.reachesHead)
    pages.push(pager.page(pages.at(-1)?.upTo ?? first, pending));
  expect(pages.map(({ changes }) => changes)).toEqual([4, 4, 2]);
  expect(pages.flatMap(({ batch }) => batch?.decode().changes ?? [])).toEqual(db.changes);
});

test("R-ROOM-3: a page is made once, until the log has grown", () => {
  const { db, log, pager } = pagerOver(3);
  const place = { generation: "one", position: positionOf(1) };
  const page = pager.page(place, pending);
  expect(pager.page(place, pending)).toBe(page);
  expect(pager.page(place, { room: "status:shipped", statuses: ["shipped"] }).batch).toBeNull();
  log.append([new LogEntry(db.commit(null, "pending"))], db.at);
  expect(pager.page(place, pending).changes).toBe(4);
});

test("R-MARK-3, R-RESET-4: a page speaks of the head and the generation as they are, changes or none", () => {
  const { log, pager } = pagerOver(3);
  const at = (tick: number, generation: string) => ({ generation, position: positionOf(tick) });
  expect(pager.page(at(4, "one"), pending).upTo).toEqual(at(4, "one"));
  log.append([], at(6, "one"));
  expect(pager.page(at(4, "one"), pending).upTo).toEqual(at(6, "one"));
  log.restart(at(6, "two"));
  expect(pager.page(at(6, "two"), pending).upTo).toEqual(at(6, "two"));
});
