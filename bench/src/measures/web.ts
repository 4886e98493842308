import { findBrowser } from "@live-orders/embedded/browser-binary";
import { chromium, type Page } from "playwright";
import type { FigureRow, Measure, MeasureContext } from "../measure.ts";
import { median, quantile } from "../quantiles.ts";
import { startFakeSource, type FakeSource } from "../web/fake-source.ts";
import { MadeUpOrders } from "../web/made-up-orders.ts";
import { heapHeld, scrollFrames, startProbe, typeInSearch } from "../web/page-probe.ts";

const ORDERS = 100_000;
const FAST = { all: 1000, inView: 100 };
const STEADY = { all: 500, inView: 50 };

/** How long each part takes, in seconds. */
const WHOLE = { rounds: 3, scroll: 8, type: 60 };
const QUICK = { rounds: 1, scroll: 4, type: 10 };
const WHOLE_HEAP = { settle: 60, hold: 300 };
const QUICK_HEAP = { settle: 10, hold: 20 };

/** In ms. */
const QUIET = 2000;

const PAGE =
  "The built page in a headless Chromium, fed over Socket.IO by a source without a database, 100,000 orders.";
const ms = (value: number) => `${value.toFixed(1)} ms`;

export const web: Measure = {
  name: "web",
  title: "The page with 100,000 orders under 1,000 changes a second",
  how:
    `${PAGE} 1,000 changes/s, of which 100 touch rows in sight. Scrolling is a row and a half a frame, with and ` +
    "without changes in turn; an echo is from a key in the search to the next painted frame; the minute of typing " +
    "opens the drawer, too.",
  run: ({ quick, say }) =>
    onPage(async (page, source) => {
      const times = quick ? QUICK : WHOLE;
      const frames = await framesOf(page, source, times);
      say(`frames: ${JSON.stringify(frames)}`);
      const end = source.feed(FAST);
      const { echoes, longestTask } = await typeInSearch(page, times.type);
      end();
      const rows: FigureRow[] = [
        { figure: "p95 frame while scrolling, without changes", value: ms(frames.still) },
        { figure: "p95 frame while scrolling, 1,000 changes/s", value: ms(frames.moving) },
        { figure: "key to echo, p50", value: ms(quantile(echoes, 0.5)) },
        { figure: "key to echo, p95", value: ms(quantile(echoes, 0.95)) },
        { figure: "longest task", value: ms(longestTask) },
      ];
      return {
        rows,
        findings: [
          { bound: "web-frames", value: frames.moving / frames.still },
          { bound: "web-echo", value: quantile(echoes, 0.95) },
          { bound: "web-longest-task", value: longestTask },
        ],
      };
    }),
};

export const webHeap: Measure = {
  name: "web-heap",
  title: "The page's heap under 500 changes a second",
  how: `${PAGE} Every order has changed once, then 500 changes/s, of which 50 touch rows in sight; what is left after a collection.`,
  run: (context) =>
    onPage(async (page, source) => {
      const times = context.quick ? QUICK_HEAP : WHOLE_HEAP;
      const { first, last } = await heapOver(page, source, times, context);
      return {
        rows: [
          { figure: `after ${times.settle} s`, value: `${first.toFixed(1)} MB` },
          { figure: `${times.hold} s later`, value: `${last.toFixed(1)} MB` },
        ],
        findings: [{ bound: "web-heap", value: last / first }],
      };
    }),
};

async function onPage<Value>(use: (page: Page, source: FakeSource) => Promise<Value>): Promise<Value> {
  const found = await findBrowser();
  if (found.kind === "missing") throw new Error(`No browser. Tried: ${found.tried.join("; ")}`);
  const source = await startFakeSource(new MadeUpOrders(ORDERS));
  const browser = await chromium.launch({ executablePath: found.path, args: found.args });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(source.url);
    await page.locator('[role=grid][data-snapshot="complete"]').waitFor({ timeout: 120_000 });
    await startProbe(page);
    return await use(page, source);
  } finally {
    await browser.close();
    await source.close();
  }
}

/** The p95 frame with and without changes, in ms: the medians of rounds in turn. */
async function framesOf(page: Page, source: FakeSource, { rounds, scroll }: typeof WHOLE) {
  const still: number[] = [];
  const moving: number[] = [];
  await scrollFrames(page, 2);
  for (let round = 0; round < rounds; round += 1) {
    still.push(quantile(await scrollFrames(page, scroll), 0.95));
    const end = source.feed(FAST);
    await page.waitForTimeout(500);
    moving.push(quantile(await scrollFrames(page, scroll), 0.95));
    end();
    await page.waitForTimeout(500);
  }
  return { still: median(still), moving: median(moving) };
}

async function heapOver(
  page: Page,
  source: FakeSource,
  { settle, hold }: typeof WHOLE_HEAP,
  { say }: MeasureContext,
) {
  const session = await page.context().newCDPSession(page);
  /** What is still on its way when the changes end is not held. */
  const heapAfter = async (seconds: number) => {
    const end = source.feed(STEADY);
    await page.waitForTimeout(seconds * 1000);
    end();
    await page.waitForTimeout(QUIET);
    return heapHeld(session);
  };
  // The rows of one page share a position; those that changed have one each.
  await source.touchAll();
  const first = await heapAfter(settle);
  let last = first;
  for (let part = 1; part <= 5; part += 1) {
    last = await heapAfter(hold / 5);
    say(`heap after ${settle + (hold * part) / 5} s: ${last.toFixed(1)} MB`);
  }
  return { first, last };
}
