import type { Page } from "@playwright/test";

/** A page's ways to the API, which can be cut and mended; the page itself can be loaded all the while. */
export async function lineOf(page: Page) {
  const sockets = new Set<{ close: () => Promise<void> }>();
  const state = { isCut: false };
  await page.routeWebSocket(/\/socket\.io\//, (socket) => {
    if (state.isCut) {
      void socket.close();
      return;
    }
    sockets.add(socket);
    socket.connectToServer();
  });
  await page.route("**/api/**", (route) => (state.isCut ? route.abort() : route.fallback()));
  return {
    cut: async () => {
      state.isCut = true;
      for (const socket of sockets) await socket.close();
      sockets.clear();
    },
    mend: () => {
      state.isCut = false;
    },
  };
}
