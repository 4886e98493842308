import type { ConnectionState } from "@live-orders/client/connection-state";
import type { SnapshotState } from "@live-orders/client/live-orders";
import type { ListReadingState } from "../live/list-reading.ts";
import { STATUS_LOOK } from "../status/status-look.ts";
import type { Tab } from "../status/status-tabs.tsx";
import { Button } from "../ui/button.tsx";
import { emptinessOf } from "./emptiness.ts";
import { TableState } from "./table-state.tsx";
import classes from "./table-state.module.css";

interface EmptyListProps {
  readonly snapshot: SnapshotState;
  readonly connection: ConnectionState;
  readonly reading: ListReadingState & { readonly again: () => void };
  readonly tab: Tab;
  readonly q: string;
  /** There is no order at all. */
  readonly firstRun: boolean;
  readonly samples: { readonly busy: boolean; readonly error: string | null; readonly make: () => void };
  readonly onNew: () => void;
  readonly onClearSearch: () => void;
  readonly onRetry: () => void;
}

/** Why there is no row, and what can be done about it. Nothing while rows may still come. */
export function EmptyList(props: EmptyListProps) {
  const { tab, q } = props;
  const emptiness = emptinessOf(props);
  switch (emptiness?.kind) {
    case undefined:
      return null;
    case "failure":
      return (
        <ListFailure
          why={emptiness.why}
          onRetry={emptiness.ask === "list" ? props.reading.again : props.onRetry}
        />
      );
    case "no-match":
      return <NoMatch q={q} tab={tab} onClear={props.onClearSearch} />;
    case "first-run":
      return <FirstRun samples={props.samples} onNew={props.onNew} />;
    case "nothing":
      return <Nothing tab={tab} />;
  }
}

function Nothing({ tab }: { readonly tab: Tab }) {
  return (
    <TableState title={tab === "all" ? "No orders" : `No ${STATUS_LOOK[tab].label.toLowerCase()} orders`}>
      <p>They show here the moment there are some.</p>
    </TableState>
  );
}

function ListFailure({ why, onRetry }: { readonly why: string; readonly onRetry: () => void }) {
  return (
    <TableState title="The orders could not be read" tone="failure">
      <p>{why}</p>
      <div className={classes.buttons}>
        <Button onClick={onRetry}>Try again</Button>
      </div>
    </TableState>
  );
}

function NoMatch({
  q,
  tab,
  onClear,
}: {
  readonly q: string;
  readonly tab: Tab;
  readonly onClear: () => void;
}) {
  return (
    <TableState title={`Nothing matches “${q}”`}>
      <p>
        Searched for a part of the customer or the product, or a number
        {tab === "all" ? "." : `, among ${STATUS_LOOK[tab].label.toLowerCase()} orders.`}
      </p>
      <div className={classes.buttons}>
        <Button onClick={onClear}>Clear search</Button>
      </div>
    </TableState>
  );
}

function FirstRun({ samples, onNew }: Pick<EmptyListProps, "samples" | "onNew">) {
  return (
    <TableState title="No orders yet">
      <p>Import a file of orders from a terminal, in CSV or one JSON object a line:</p>
      <code>npx -y pnpm@10 -s orders import FILE</code>
      <p>They show here as they come in. Or start with a few to look around:</p>
      {samples.error !== null && <p role="alert">{samples.error}</p>}
      <div className={classes.buttons}>
        <Button kind="primary" onClick={samples.make} busy={samples.busy}>
          Make sample orders
        </Button>
        <Button onClick={onNew}>New order</Button>
      </div>
    </TableState>
  );
}
