import "@fontsource-variable/inter/wght.css";
import "./ui/mantine-styles.ts";
import "./ui/tokens.css";
import "./ui/page.css";
import { ClockOffset } from "@live-orders/client/clock-offset";
import { systemClock } from "@live-orders/client/clock";
import { createLiveOrders } from "@live-orders/client/live-orders-session";
import { browserNetwork } from "@live-orders/client/network";
import { createOrdersApi } from "@live-orders/client/orders-api";
import { storageOutbox } from "@live-orders/client/write-outbox";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { pageTransports, TransportSetting } from "./connection/transport-choice.ts";
import { createNewsBoard } from "./live/news-board.ts";
import { PagePartsProvider, type PageParts } from "./live/page-parts.tsx";
import { ScreenLatency } from "./live/screen-latency.ts";
import { TableRows } from "./live/table-rows.ts";
import { tellOfResumedWrites } from "./live/resumed-writes.ts";
import { createUndoStack } from "./live/undo-stack.ts";
import { filterOf, ordersSearchSchema } from "./routes/orders-search.ts";
import { parsePlainSearch } from "./routes/plain-search.ts";
import { warmUp } from "./routes/lazy-parts.tsx";
import { router } from "./routes/router.tsx";
import { mendBrowserLanguage } from "./ui/browser-language.ts";
import { colorSchemeStorage } from "./ui/color-scheme-storage.ts";
import { onNextFrame } from "./ui/next-frame.ts";
import { browserStorage, tabStorage } from "./ui/tab-storage.ts";
import { resolveVariables, theme } from "./ui/theme.ts";
import { createToasts } from "./ui/toasts.ts";

function createPageParts(): PageParts {
  const clockOffset = new ClockOffset();
  const api = createOrdersApi({
    onServerDate: ({ date, sent, received }) => {
      clockOffset.sawDate(date, sent, received);
    },
  });
  const transport = new TransportSetting(browserStorage(), pageTransports(api));
  const { statuses, sort, q } = filterOf(ordersSearchSchema.parse(parsePlainSearch(location.search)));
  const live = createLiveOrders({
    api,
    transport: transport.transport(),
    statuses,
    network: browserNetwork(),
    probe: async () => (await api.counts(undefined, { tries: 1 })).ok,
    clockOffset,
    outbox: storageOutbox(tabStorage()),
  });
  const rows = new TableRows(live, live.view({ sort, q }), systemClock, onNextFrame);
  const news = createNewsBoard(live, systemClock);
  const latency = new ScreenLatency({
    live,
    onPainted: (run) => {
      onNextFrame(() => setTimeout(run));
    },
    isSeen: () => document.visibilityState === "visible",
  });
  const toasts = createToasts(systemClock);
  tellOfResumedWrites(live, toasts);
  return { api, live, transport, rows, news, latency, toasts, undos: createUndoStack() };
}

mendBrowserLanguage(navigator);
const parts = createPageParts();
// The first page is asked for before the first paint.
parts.live.start();
warmUp(parts.live);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      colorSchemeManager={colorSchemeStorage}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={new QueryClient()}>
        <PagePartsProvider parts={parts}>
          <RouterProvider router={router} />
        </PagePartsProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
