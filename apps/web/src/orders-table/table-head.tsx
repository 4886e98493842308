import type { Sort, SortField } from "@live-orders/protocol/order-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import { colIndex, SORTABLE } from "./grid-columns.ts";
import classes from "./table-head.module.css";

interface TableHeadProps {
  readonly sort: Sort;
  readonly selected: "none" | "some" | "all";
  readonly onSort: (field: SortField) => void;
  readonly onSelectAll: () => void;
}

/** The heads sort: a second press turns the direction. */
export function TableHead({ sort, selected, onSort, onSelectAll }: TableHeadProps) {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.row}>
        <div role="columnheader" aria-colindex={colIndex("select")} className={classes.select}>
          <input
            type="checkbox"
            className={classes.check}
            aria-label="Select all orders"
            checked={selected === "all"}
            ref={(box) => {
              if (box !== null) box.indeterminate = selected === "some";
            }}
            onChange={onSelectAll}
          />
        </div>
        {SORTABLE.map(({ field, label }) => (
          <div
            key={field}
            role="columnheader"
            aria-colindex={colIndex(field)}
            className={classes.cell}
            data-field={field}
            aria-sort={sort.field !== field ? "none" : sort.descending ? "descending" : "ascending"}
          >
            <button
              type="button"
              className={classes.button}
              aria-label={field === "id" ? "Number" : undefined}
              onClick={() => {
                onSort(field);
              }}
            >
              {label}
              {sort.field === field && <SortIcon descending={sort.descending} />}
            </button>
          </div>
        ))}
        <div role="columnheader" aria-colindex={colIndex("actions")}>
          <span className="visually-hidden">Actions</span>
        </div>
      </div>
    </div>
  );
}

function SortIcon({ descending }: { readonly descending: boolean }) {
  const Icon = descending ? ArrowDown : ArrowUp;
  return <Icon size={13} aria-hidden />;
}
