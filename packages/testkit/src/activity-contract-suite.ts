import type { Change } from "@live-orders/protocol/change";
import type { Status } from "@live-orders/protocol/status";
import type { ActivityRange, OrderActivity } from "@live-orders/store/order-activity";
import { afterEach, describe, expect, it } from "vitest";
import { type PastChange, pastChanges } from "./activity-samples.ts";
import { naiveArrivals, naiveSums } from "./naive-activity.ts";
import { seededRandom } from "./seeded-random.ts";
import { orderOf } from "./store-samples.ts";

/** A durable history that is whole from `beginsMs` on, a whole second, and holds these changes. */
export interface ActivityDatabase {
  readonly activity: OrderActivity;
  /** As they were given, with their places. */
  readonly changes: readonly Change[];
  dispose(): Promise<void>;
}

export interface ActivityContractSetting {
  /** For the titles: `MongoDB`. */
  readonly name: string;
  seeded(changes: readonly PastChange[], beginsMs: number): Promise<ActivityDatabase>;
}

const HOUR = 3_600_000;
const MINUTE = 60_000;
const END = Date.UTC(2026, 0, 2, 12, 30, 17);
const lastHour: ActivityRange = { fromMs: END - (END % MINUTE) - 59 * MINUTE, stepMs: MINUTE, most: 100_000 };
const arrivalsOf = (changes: readonly Change[], range: ActivityRange) =>
  naiveArrivals(changes, range).map(({ to, ms }) => ({ to, ms }));

/** What `OrderActivity` promises, for any database, compared with a walk through all changes. */
export function describeActivityContract(setting: ActivityContractSetting): void {
  describe(`the activity contract on ${setting.name}`, () => {
    let database: ActivityDatabase | null = null;
    const seed = async (changes: readonly PastChange[], beginsMs: number): Promise<ActivityDatabase> => {
      database = await setting.seeded(changes, beginsMs);
      return database;
    };
    afterEach(async () => {
      await database?.dispose();
      database = null;
    });

    for (const number of [1, 2, 3]) {
      it(`tells what happened in a range, step by step, and how long orders took (seed ${number})`, async () => {
        const beginsMs = END - 5 * HOUR;
        const past = { count: 1500, fromMs: beginsMs, toMs: END, orders: 60 };
        const { activity, changes } = await seed(pastChanges(seededRandom(number), past), beginsMs);
        for (const range of [
          lastHour,
          { ...lastHour, stepMs: 15_000 },
          { fromMs: END - (END % 300_000) - 3 * HOUR, stepMs: 300_000, most: 100_000 },
        ]) {
          const reading = await activity.changes(range, 50);
          expect(reading).toMatchObject({ sinceMs: range.fromMs, cut: null });
          expect(reading?.steps).toEqual(naiveSums(changes, range));
          expect(reading?.newest).toEqual(changes.slice(-50).reverse());
          expect(reading?.at.position).toBe(changes.at(-1)?.position);
          const arrivals = await activity.arrivals(range, 5000);
          expect(arrivals).toMatchObject({ sinceMs: range.fromMs, cut: null, at: reading?.at });
          expect(arrivals?.arrivals).toEqual(arrivalsOf(changes, range));
          expect(arrivals?.arrivals.length).toBeGreaterThan(30);
        }
      });
    }

    it("looks at no more than the newest changes, and says since when they are all", async () => {
      const past = { count: 400, fromMs: END - HOUR, toMs: END, orders: 20 };
      const { activity, changes } = await seed(pastChanges(seededRandom(4), past), END - 2 * HOUR);
      const range = { ...lastHour, most: 37 };
      const sinceMs = Date.parse(changes.at(-38)?.at ?? "") + 1;
      const reading = await activity.changes(range, 5);
      expect(reading).toMatchObject({ sinceMs, cut: "limit" });
      expect(reading?.steps).toEqual(naiveSums(changes, range));
      const arrivals = await activity.arrivals(range, 5000);
      expect(arrivals).toMatchObject({ sinceMs, cut: "limit" });
      expect(arrivals?.arrivals).toEqual(arrivalsOf(changes, range));
    });

    it("takes no more than the newest arrivals", async () => {
      const past = { count: 400, fromMs: END - HOUR, toMs: END, orders: 20 };
      const { activity, changes } = await seed(pastChanges(seededRandom(5), past), END - 2 * HOUR);
      const all = await activity.arrivals(lastHour, 5000);
      const some = await activity.arrivals(lastHour, 10);
      expect(some?.cut).toBe("limit");
      expect(some?.sinceMs).toBeGreaterThan(Date.parse(changes[0]?.at ?? ""));
      // Of the ten, those are left out whose time is not known.
      const count = some?.arrivals.length ?? 0;
      expect(count).toBeGreaterThan(0);
      expect(some?.arrivals).toEqual(all?.arrivals.slice(0, count));
    });

    it("says where the history begins, if that is within the range", async () => {
      const beginsMs = END - (END % MINUTE) - 20 * MINUTE;
      const past = { count: 50, fromMs: beginsMs, toMs: END, orders: 5 };
      const { activity, changes } = await seed(pastChanges(seededRandom(6), past), beginsMs);
      const reading = await activity.changes(lastHour, 5);
      expect(reading).toMatchObject({ sinceMs: beginsMs, cut: "history" });
      expect(reading?.steps).toEqual(naiveSums(changes, lastHour));
    });

    it("finds a place that every change from an instant on comes after, and few before it", async () => {
      const beginsMs = END - 5 * HOUR;
      const past = { count: 300, fromMs: beginsMs, toMs: END, orders: 20 };
      const { activity, changes } = await seed(pastChanges(seededRandom(8), past), beginsMs);
      for (const ms of [END - 4 * HOUR, END - HOUR, Date.parse(changes[150]?.at ?? ""), END + HOUR]) {
        const place = await activity.placeBefore(ms);
        expect(place).toMatchObject({ sinceMs: ms, cut: null });
        const following = changes.filter(({ position }) => position > (place?.at.position ?? "~"));
        const wanted = changes.filter(({ at }) => Date.parse(at) >= ms);
        expect(following.slice(following.length - wanted.length)).toEqual(wanted);
        expect(following.every(({ at }) => Date.parse(at) >= ms - 61_000)).toBe(true);
      }
      const early = await activity.placeBefore(beginsMs - HOUR);
      expect(early).toMatchObject({ sinceMs: beginsMs, cut: "history" });
      expect(changes.every(({ position }) => position > (early?.at.position ?? "~"))).toBe(true);
    });

    it("is empty where nothing has happened", async () => {
      const { activity } = await seed([], END - 2 * HOUR);
      expect(await activity.changes(lastHour, 50)).toMatchObject({ steps: [], newest: [], cut: null });
      expect(await activity.arrivals(lastHour, 50)).toMatchObject({ arrivals: [], cut: null });
    });

    it("takes an order made anew under an old number for another", async () => {
      const at = (minutes: number) => new Date(END - minutes * MINUTE).toISOString();
      const as = (status: Status) => orderOf(1, { status });
      const { activity } = await seed(
        [
          { op: "insert", id: 1, before: null, after: as("pending"), at: at(50) },
          { op: "delete", id: 1, before: as("pending"), after: null, at: at(40) },
          { op: "insert", id: 1, before: null, after: as("shipped"), at: at(30) },
          { op: "update", id: 1, before: as("shipped"), after: as("delivered"), at: at(20) },
          { op: "update", id: 1, before: as("delivered"), after: as("pending"), at: at(15) },
          { op: "update", id: 1, before: as("pending"), after: as("shipped"), at: at(12) },
          { op: "update", id: 1, before: as("shipped"), after: as("delivered"), at: at(5) },
        ],
        END - 2 * HOUR,
      );
      expect((await activity.arrivals(lastHour, 50))?.arrivals).toEqual([
        { to: "delivered", ms: 10 * MINUTE },
        { to: "shipped", ms: 3 * MINUTE },
      ]);
    });
  });
}
