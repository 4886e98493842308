import type { RowId } from "@live-orders/client/live-orders";
import type { Sort } from "@live-orders/protocol/order-query";
import { useMediaQuery } from "@mantine/hooks";
import { useMakeSamples } from "../api/use-make-samples.ts";
import { useLiveStatus, useParts } from "../live/page-parts.tsx";
import { EmptyList } from "../orders-table/empty-list.tsx";
import { scrollGridToTop } from "../orders-table/grid-element.ts";
import { NewOrdersPill } from "../orders-table/new-orders-pill.tsx";
import { OrdersTable, type OrdersTableProps } from "../orders-table/orders-table.tsx";
import { CARD_METRICS, TABLE_METRICS } from "../orders-table/row-scroll.ts";
import { SelectionBar } from "../orders-table/selection-bar.tsx";
import type { Selection } from "../orders-table/selection.ts";
import type { Tab } from "../status/status-tabs.tsx";
import { PHONE } from "../ui/is-phone.ts";
import { BulkReportDialog } from "../orders-table/bulk-report-dialog.tsx";
import { sortParam, toggleSort, type OrdersSearch } from "./orders-search.ts";
import { useSingleKeys } from "./single-keys-context.ts";
import type { Arrangement } from "./use-arrangement.ts";
import { useBulk } from "./use-bulk.ts";
import { useSelectionCommands } from "./use-orders-commands.ts";
import type { TabCounts } from "./use-tab-counts.ts";

/** Bones while nothing is known of the list. */
const UNKNOWN_LENGTH = 30;

interface OrdersListProps extends Pick<
  OrdersTableProps,
  "active" | "editing" | "menuOn" | "selecting" | "handlers" | "onActive" | "onHover" | "onScrolled"
> {
  readonly tab: Tab;
  readonly q: string;
  readonly sort: Sort;
  readonly counts: TabCounts | null;
  readonly reading: Arrangement;
  readonly selection: Selection;
  readonly unselect: (ids: ReadonlySet<RowId>) => void;
  readonly endSelecting: () => void;
  readonly clear: () => void;
  readonly goTo: (change: Partial<OrdersSearch>) => void;
  readonly openOrder: (order: RowId | "new") => void;
}

/** The table with what lies over it: new orders that wait, what can be done with a selection, why it is empty. */
export function OrdersList(props: OrdersListProps) {
  const {
    tab,
    q,
    sort,
    counts,
    reading,
    selection,
    unselect,
    endSelecting,
    clear,
    goTo,
    openOrder,
    ...table
  } = props;
  const { live, rows, news } = useParts();
  const { snapshot, connection } = useLiveStatus();
  const bulk = useBulk({ selection, unselect, endSelecting });
  useSelectionCommands({
    count: bulk.count,
    busy: bulk.progress !== null,
    onMove: bulk.onMove,
    onRemove: bulk.onRemove,
    onClear: clear,
  });
  const samples = useMakeSamples(bulk.make);
  const isCards = useMediaQuery(PHONE, false, { getInitialValueInEffect: false });
  const known = q === "" ? (counts?.[tab] ?? UNKNOWN_LENGTH) : rows.count();
  const bones = {
    empty: Math.min(known, UNKNOWN_LENGTH),
    loading: known,
    failed: 0,
    complete: 0,
    bounded: 0,
  };

  return (
    <OrdersTable
      {...table}
      live={live}
      rows={rows}
      expected={bones[snapshot.kind]}
      letters={useSingleKeys()}
      metrics={isCards ? CARD_METRICS : TABLE_METRICS}
      sort={sort}
      selected={selection.ids}
      onSort={(field) => {
        goTo({ sort: sortParam(toggleSort(sort, field)) });
      }}
    >
      <NewOrdersPill
        count={rows.waiting()}
        onShow={() => {
          rows.letIn();
          news.look(true);
          scrollGridToTop();
        }}
      />
      {rows.count() === 0 && (
        <EmptyList
          snapshot={snapshot}
          connection={connection}
          reading={reading}
          tab={tab}
          q={q}
          firstRun={counts?.all === 0}
          samples={{
            busy: samples.isPending,
            error: samples.error?.message ?? null,
            make: samples.mutate,
          }}
          onNew={() => {
            openOrder("new");
          }}
          onClearSearch={() => {
            goTo({ q: undefined });
          }}
          onRetry={() => {
            live.reconnectNow();
          }}
        />
      )}
      {(props.selecting || bulk.progress !== null) && (
        <SelectionBar
          count={bulk.count}
          progress={bulk.progress}
          onMove={bulk.onMove}
          onRemove={bulk.onRemove}
          onClear={clear}
        />
      )}
      {bulk.report !== null && (
        <BulkReportDialog
          report={bulk.report}
          live={live}
          onClose={bulk.endReport}
          onOpen={(id) => {
            bulk.endReport();
            openOrder(id);
          }}
        />
      )}
    </OrdersTable>
  );
}
