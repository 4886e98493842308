import type { CDPSession, Page } from "playwright";
import { z } from "zod";

const framesSchema = z.array(z.number());
/** In ms. `echoes`: from each key to the frame that shows what it did. */
const typingSchema = z.object({ echoes: z.array(z.number()), longestTask: z.number() });
type TypingFigures = z.infer<typeof typingSchema>;

/** Puts `probe.js` into the page, and has it tell the source which rows are in sight. */
export async function startProbe(page: Page): Promise<void> {
  await page.addScriptTag({ url: "/probe.js", type: "module" });
  await page.waitForFunction("globalThis.probe !== undefined");
  await page.evaluate("probe.tellWhatIsInSight()");
}

/** Scrolls steadily; how long each frame took, in ms. */
export async function scrollFrames(page: Page, seconds: number): Promise<number[]> {
  return framesSchema.parse(await page.evaluate(`probe.scrollFrames(${seconds * 1000})`));
}

const WORDS = ["claire", "bookcase", "hoffman", "lamp", "zuschuss"];
/** Between two keys, in ms: a quick typist. */
const KEY_PACE = 110;

/** Types into the search, clears it, and opens and closes a drawer, over and over. */
export async function typeInSearch(page: Page, seconds: number): Promise<TypingFigures> {
  await page.evaluate("probe.observe()");
  const end = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < end; round += 1) {
    await page.getByRole("searchbox").focus();
    await page.keyboard.type(WORDS[round % WORDS.length] ?? "", { delay: KEY_PACE });
    await page.waitForTimeout(600);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(400);
    await page.keyboard.press("j");
    await page.keyboard.press("e");
    await page.waitForTimeout(500);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(300);
  }
  return typingSchema.parse(await page.evaluate("probe.figures()"));
}

/** What is held on the page's heap after everything that can be let go was, in MB. */
export async function heapHeld(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}
