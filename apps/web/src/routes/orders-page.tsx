import { getRouteApi } from "@tanstack/react-router";
import { Suspense, useMemo, useState } from "react";
import { BoundBar } from "../connection/bound-bar.tsx";
import { StaleBar } from "../connection/stale-bar.tsx";
import { useParts } from "../live/page-parts.tsx";
import { useTableVersion } from "../live/use-table-rows.ts";
import { focusGrid, GRID_ID } from "../orders-table/grid-element.ts";
import type { ActiveCell } from "../orders-table/orders-table.tsx";
import { StatusMenu } from "../status/status-menu.tsx";
import { OrderPanel } from "./lazy-parts.tsx";
import { OrdersList } from "./orders-list.tsx";
import { exportHref, filterOf, sortParam } from "./orders-search.ts";
import { OrdersToolbar } from "./orders-toolbar.tsx";
import classes from "./orders-page.module.css";
import { useArrangement } from "./use-arrangement.ts";
import { useGoTo } from "./use-go-to.ts";
import { useHold } from "./use-hold.ts";
import { useKeptRows } from "./use-kept-rows.ts";
import { useOrderActions } from "./use-order-actions.ts";
import { useOrdersCommands } from "./use-orders-commands.ts";
import { useOrdersKeys } from "./use-orders-keys.ts";
import { useRowHandlers } from "./use-row-handlers.ts";
import { useSelection } from "./use-selection.ts";
import { useTabCounts } from "./use-tab-counts.ts";
import { useTitle } from "./use-title.ts";

const route = getRouteApi("/");

export function OrdersPage() {
  const { live, rows } = useParts();
  const search = route.useSearch();
  const { goTo, openOrder, search: onSearch } = useGoTo();
  const filter = useMemo(() => filterOf(search), [search]);
  const { sort, q } = filter;
  const tab = search.status ?? "all";
  const counts = useTabCounts(q);
  const [active, setActive] = useState<ActiveCell | null>(null);
  const [hovered, setHovered] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  useTableVersion(rows);
  useTitle("Orders");

  const { actions, review, endReview } = useOrderActions(openOrder);
  const ticked = useSelection();
  const { selection, selecting, toggle, toggleAll, clear } = ticked;
  const { handlers, menu, closeMenu, editing } = useRowHandlers({
    actions,
    openOrder,
    setActive,
    toggle,
    toggleAll,
  });
  const reading = useArrangement(filter, ticked.keepListed);
  const opened = typeof search.order === "number" ? search.order : null;
  useKeptRows(selection.ids, [opened, editing?.id ?? null, menu?.id ?? null, active?.id ?? null]);
  const isEditing = editing !== null || menu !== null || opened !== null;
  const isBusy = hovered || scrolled || isEditing || selecting;
  // An empty list has no row that could move.
  useHold(rows, isBusy && rows.count() > 0);
  useOrdersCommands({
    at: opened ?? active?.id ?? null,
    handlers,
    actions,
  });
  useOrdersKeys({ active, handlers, actions, openOrder, clear });

  return (
    <main className={classes.page}>
      <h1 className="visually-hidden">Orders</h1>
      <OrdersToolbar
        tab={tab}
        counts={counts}
        tableId={GRID_ID}
        q={q}
        sort={sort}
        exportHref={exportHref(filter)}
        onTab={(next) => {
          goTo({ status: next === "all" ? undefined : next });
        }}
        onSearch={onSearch}
        onSort={(next) => {
          goTo({ sort: sortParam(next) });
        }}
        selecting={selecting}
        onSelecting={(on) => {
          if (on) ticked.beginSelecting();
          else clear();
        }}
        onNew={() => {
          openOrder("new");
        }}
      />
      <div className={classes.main}>
        <OrdersList
          tab={tab}
          q={q}
          sort={sort}
          counts={counts}
          reading={reading}
          active={active}
          editing={editing}
          menuOn={menu?.id ?? null}
          handlers={handlers}
          selection={selection}
          selecting={selecting}
          unselect={ticked.unselect}
          endSelecting={ticked.endSelecting}
          clear={clear}
          goTo={goTo}
          openOrder={openOrder}
          onActive={setActive}
          onHover={setHovered}
          onScrolled={setScrolled}
        />
        <BoundBar tab={tab} q={q} counts={counts} reading={reading} />
        <StaleBar what="the orders" />
        {search.order !== undefined && (
          <Suspense fallback={null}>
            <OrderPanel
              key={`${search.order}-${review?.number ?? 0}`}
              order={search.order}
              review={review?.id === search.order ? review : null}
              actions={actions}
              onClose={() => {
                endReview();
                goTo({ order: undefined });
                focusGrid();
              }}
            />
          </Suspense>
        )}
      </div>
      {menu !== null && (
        <StatusMenu
          anchor={menu.anchor}
          current={live.row(menu.id)?.order.status ?? null}
          onClose={closeMenu}
          onPick={(next) => {
            closeMenu();
            if (next !== live.row(menu.id)?.order.status) actions.move(menu.id, next);
          }}
        />
      )}
    </main>
  );
}
