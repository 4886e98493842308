import { ArrowUpDown, Download, ListChecks, Plus, Search, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { Sort } from "@live-orders/protocol/order-query";
import { formatSort, sortSchema } from "@live-orders/protocol/order-query";
import { StatusTabs, type Tab } from "../status/status-tabs.tsx";
import classes from "./orders-toolbar.module.css";

interface OrdersToolbarProps {
  readonly tab: Tab;
  readonly counts: Readonly<Record<Tab, number>> | null;
  readonly tableId: string;
  readonly q: string;
  readonly sort: Sort;
  /** Of what the table shows, as a file. */
  readonly exportHref: string;
  /** Rows are being selected. */
  readonly selecting: boolean;
  readonly onSelecting: (selecting: boolean) => void;
  readonly onTab: (tab: Tab) => void;
  readonly onSearch: (q: string) => void;
  readonly onSort: (sort: Sort) => void;
  readonly onNew: () => void;
}

export function OrdersToolbar(props: OrdersToolbarProps) {
  return (
    <div className={classes.bar}>
      <StatusTabs
        selected={props.tab}
        counts={props.counts}
        controls={props.tableId}
        onSelect={props.onTab}
      />
      <span className={classes.spacer} />
      <div className={classes.tools}>
        <SearchField q={props.q} onSearch={props.onSearch} />
        <SortPicker sort={props.sort} onSort={props.onSort} />
        <ExportLink href={props.exportHref} />
        <SelectButton selecting={props.selecting} onSelecting={props.onSelecting} />
        <button
          type="button"
          className={classes.create}
          data-selecting={props.selecting || undefined}
          onClick={props.onNew}
        >
          <Plus size={16} aria-hidden />
          New order
        </button>
      </div>
    </div>
  );
}

interface SearchFieldProps {
  readonly q: string;
  readonly onSearch: (q: string) => void;
}

const SEARCH_ID = "orders-search";

export function focusSearch(): void {
  const field = document.getElementById(SEARCH_ID);
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  field.select();
}

/** How long after the last letter the search goes into the address, in milliseconds. */
const TYPING = 150;

function SearchField({ q, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(q);
  const [shownFor, setShownFor] = useState(q);
  if (shownFor !== q) {
    // The address changed by other means than this field: Back, or "Clear search".
    setShownFor(q);
    if (typed.trim() !== q) setTyped(q);
  }
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(() => {
      onSearch(typed.trim());
    }, TYPING);
    return () => {
      clearTimeout(timer);
    };
  }, [typed, q, onSearch]);
  return (
    <div className={classes.search}>
      <Search className={classes.searchIcon} size={15} aria-hidden />
      <input
        id={SEARCH_ID}
        type="search"
        className={classes.input}
        aria-label="Search orders"
        placeholder="Search customer, product, #id"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") onSearch(typed.trim());
          if (event.key !== "Escape") return;
          setTyped("");
          onSearch("");
          event.currentTarget.blur();
        }}
      />
      {typed === "" ? (
        <kbd className={classes.hint} aria-hidden>
          /
        </kbd>
      ) : (
        <button
          type="button"
          className={classes.clear}
          aria-label="Clear search"
          onClick={() => {
            setTyped("");
            onSearch("");
          }}
        >
          <X size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}

function ExportLink({ href }: { readonly href: string }) {
  return (
    <a className={classes.export} href={href} download title="Export what is shown as CSV">
      <Download size={15} aria-hidden />
      <span className={classes.exportWord}>Export</span>
    </a>
  );
}

type SelectButtonProps = Pick<OrdersToolbarProps, "selecting" | "onSelecting">;

/** On a phone, where the rows show no boxes until then. */
function SelectButton({ selecting, onSelecting }: SelectButtonProps) {
  return (
    <button
      type="button"
      className={classes.select}
      aria-label="Select orders"
      aria-pressed={selecting}
      onClick={() => {
        onSelecting(!selecting);
      }}
    >
      <ListChecks size={17} aria-hidden />
    </button>
  );
}

export const SORTS = [
  { value: "-updated_at", label: "Newest change" },
  { value: "updated_at", label: "Oldest change" },
  { value: "customer_name", label: "Customer" },
  { value: "product_name", label: "Product" },
  { value: "-id", label: "Number, newest" },
  { value: "id", label: "Number, oldest" },
] as const;

/** On a phone, where the heads of the columns do not show. */
function SortPicker({ sort, onSort }: { readonly sort: Sort; readonly onSort: (sort: Sort) => void }) {
  return (
    <span className={classes.sort}>
      <ArrowUpDown size={16} aria-hidden />
      <select
        className={classes.sortSelect}
        aria-label="Sort"
        value={formatSort(sort)}
        onChange={(event) => {
          onSort(sortSchema.parse(event.currentTarget.value));
        }}
      >
        {SORTS.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </span>
  );
}
