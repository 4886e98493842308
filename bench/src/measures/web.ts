import { findBrowser } from "@live-orders/embedded/browser-binary";
import { chromium, type Page } from "playwright";
import type { FigureRow, Measure, MeasureContext } from "../measure.ts";
import { quantile } from "../quantiles.ts";
import { startFakeSource, type FakeSource } from "../web/fake-source.ts";
import { MadeUpOrders } from "../web/made-up-orders.ts";
import { heapHeld, scrollFrames, startProbe, typeInSearch } from "../web/page-probe.ts";

const ORDERS = 100_000;
const FAST = { all: 1000, inView: 100 };
const STEADY = { all: 500, inView: 50 };

/** How long each part takes, in seconds. */
const WHOLE = { rounds: 3, scroll: 8, type: 60, settle: 60, hold: 300 };
const QUICK = { rounds: 1, scroll: 4, type: 10, settle: 10, hold: 20 };

export const web: Measure = {
  name: "web",
  title: "The page with 100,000 orders under 1,000 changes a second",
  how:
    "The built page in a headless Chromium, fed over Socket.IO by a source without a database: 1,000 changes/s of which " +
    "100 touch rows in sight (for the heap: 500 and 50). Scrolling is a row and a half a frame, with and without " +
    "changes in turn; an echo is from a key in the search to the next painted frame; the minute of typing opens the " +
    "drawer, too. The heap is what is left after a collection.",
  run: (context) =>
    onPage(async (page, source) => {
      const times = context.quick ? QUICK : WHOLE;
      const frames = await framesOf(page, source, times);
      context.say(`frames: ${JSON.stringify(frames)}`);
      const endFast = source.feed(FAST);
      const { echoes, longestTask } = await typeInSearch(page, times.type);
      endFast();
      const heap = await heapOver(page, source, times, context);
      const ms = (value: number) => `${value.toFixed(1)} ms`;
      const rows: FigureRow[] = [
        { figure: "p95 frame while scrolling, without changes", value: ms(frames.still) },
        { figure: "p95 frame while scrolling, 1,000 changes/s", value: ms(frames.moving) },
        { figure: "key to echo, p50", value: ms(quantile(echoes, 0.5)) },
        { figure: "key to echo, p95", value: ms(quantile(echoes, 0.95)) },
        { figure: "longest task", value: ms(longestTask) },
        { figure: `heap after ${times.settle} s of 500 changes/s`, value: `${heap.first.toFixed(1)} MB` },
        { figure: `heap ${times.hold} s later`, value: `${heap.last.toFixed(1)} MB` },
      ];
      return {
        rows,
        findings: [
          { bound: "web-frames", value: frames.moving / frames.still },
          { bound: "web-echo", value: quantile(echoes, 0.95) },
          { bound: "web-longest-task", value: longestTask },
          { bound: "web-heap", value: heap.last / heap.first },
        ],
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

type Times = typeof WHOLE;

/** The p95 frame with and without changes, in ms: the medians of rounds in turn. */
async function framesOf(page: Page, source: FakeSource, { rounds, scroll }: Times) {
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
  return { still: quantile(still, 0.5), moving: quantile(moving, 0.5) };
}

async function heapOver(page: Page, source: FakeSource, { settle, hold }: Times, { say }: MeasureContext) {
  const session = await page.context().newCDPSession(page);
  const end = source.feed(STEADY);
  await page.waitForTimeout(settle * 1000);
  const first = await heapHeld(session);
  let last = first;
  for (let part = 1; part <= 5; part += 1) {
    await page.waitForTimeout((hold * 1000) / 5);
    last = await heapHeld(session);
    say(`heap after ${settle + (hold * part) / 5} s: ${last.toFixed(1)} MB`);
  }
  end();
  return { first, last };
}
