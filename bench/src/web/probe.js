/** What measures in the page itself. `/probe.js` of the fake source; the functions are the page's `probe`. */
const figures = { echoes: [], longestTask: 0 };

globalThis.probe = {
  /** Tells the source which rows are in sight, five times a second, for as long as the page lives. */
  tellWhatIsInSight() {
    setInterval(() => {
      const ids = [...document.querySelectorAll("[data-order-id]")].map((row) => Number(row.dataset.orderId));
      const body = JSON.stringify(ids.filter((id) => id > 0));
      void fetch("/bench/view", { method: "POST", headers: { "content-type": "application/json" }, body });
    }, 200);
  },

  /** Scrolls for `ms`, a row and a half a frame; how long each frame took, in ms. */
  async scrollFrames(ms) {
    const grid = document.getElementById("orders-grid");
    grid.scrollTop = 40_000;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const frames = [];
    await new Promise((resolve) => {
      let began = null;
      let last = 0;
      const step = (now) => {
        began ??= now;
        if (now > began) frames.push(now - last);
        last = now;
        grid.scrollTop += 57;
        if (now - began < ms) requestAnimationFrame(step);
        else resolve();
      };
      requestAnimationFrame(step);
    });
    grid.scrollTop = 0;
    return frames;
  },

  /** From now on notes each key's time to its echo, and the longest task. */
  observe() {
    const note = (event) => {
      requestAnimationFrame(() => {
        // The message comes when the frame has been laid out and painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => figures.echoes.push(performance.now() - event.timeStamp);
        port2.postMessage(null);
      });
    };
    document.addEventListener("input", note, { capture: true });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        figures.longestTask = Math.max(figures.longestTask, duration);
    }).observe({ type: "longtask" });
  },

  figures: () => figures,
};
