import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
} from "@tanstack/react-router";
import { activitySearchSchema } from "./activity-search.ts";
import { OrdersPage } from "./orders-page.tsx";
import { ordersSearchSchema } from "./orders-search.ts";
import { outboxSearchSchema } from "./outbox-search.ts";
import { PageFailure } from "./page-failure.tsx";
import { parsePlainSearch, stringifyPlainSearch } from "./plain-search.ts";
import { Shell } from "./shell.tsx";

const rootRoute = createRootRoute({
  component: () => (
    <Shell>
      <Outlet />
    </Shell>
  ),
  notFoundComponent: () => <Navigate to="/" replace />,
  errorComponent: ({ error }) => <PageFailure why={error instanceof Error ? error.message : String(error)} />,
});

const ordersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  validateSearch: ordersSearchSchema,
  component: OrdersPage,
});

/** Every page but the first comes when it is asked for. */
const activityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/activity",
  validateSearch: activitySearchSchema,
  component: lazyRouteComponent(() => import("./activity-page.tsx"), "ActivityPage"),
});

const transportsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/transports",
  component: lazyRouteComponent(() => import("./transports-page.tsx"), "TransportsPage"),
});

const outboxRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/outbox",
  validateSearch: outboxSearchSchema,
  component: lazyRouteComponent(() => import("./outbox-page.tsx"), "OutboxPage"),
});

const askRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/ask",
  component: lazyRouteComponent(() => import("./ask-page.tsx"), "AskPage"),
});

/** The whole state of the page that is worth a link stands in the address. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([ordersRoute, activityRoute, transportsRoute, outboxRoute, askRoute]),
  parseSearch: parsePlainSearch,
  stringifySearch: stringifyPlainSearch,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
