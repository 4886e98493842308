import type { Page } from "@playwright/test";

/**
 * What reaches beyond the page's sides when the window is `width` pixels wide, cut off or not; what lies in a box that
 * a person can scroll sideways does not count.
 */
export async function widerThanPage(page: Page, width: number): Promise<string[]> {
  await page.setViewportSize({ width, height: 800 });
  return page.evaluate(async (wide) => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    const scrollsSideways = (element: Element | null): boolean =>
      element !== null &&
      (["auto", "scroll"].includes(getComputedStyle(element).overflowX) ||
        scrollsSideways(element.parentElement));
    const isWider = (element: Element): boolean => {
      const { left, right, width: own } = element.getBoundingClientRect();
      // What is one pixel wide is there for screen readers alone.
      return own > 1 && (left < -0.5 || right > wide + 0.5) && !scrollsSideways(element.parentElement);
    };
    const found = [...document.body.querySelectorAll("*")].filter(
      (element) => element.checkVisibility() && isWider(element),
    );
    const tags = found.map((element) => element.outerHTML.slice(0, 120));
    const { scrollWidth } = document.documentElement;
    return scrollWidth > wide ? [`the page is ${scrollWidth} px wide`, ...tags] : tags;
  }, width);
}
