import type { Order } from "@live-orders/protocol/order";
import { Check, Search } from "lucide-react";
import { use, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useParts } from "../live/page-parts.tsx";
import { STATUS_LOOK } from "../status/status-look.ts";
import { counted } from "../ui/grouped-number.ts";
import { type Command, findCommands } from "./command.ts";
import { Commands } from "./command-registry.ts";
import classes from "./palette.module.css";
import { useOrderSearch } from "./use-order-search.ts";

interface PaletteProps {
  readonly onOpenOrder: (id: number) => void;
  readonly onClose: () => void;
}

interface Item {
  readonly id: string;
  readonly run: () => void;
  readonly body: ReactNode;
  readonly keys: readonly string[];
}

interface Section {
  readonly name: string;
  readonly items: readonly Item[];
}

/** Every action of the page by its name, and every order by its number or a part of its names. */
export function Palette({ onOpenOrder, onClose }: PaletteProps) {
  const { api } = useParts();
  const registry = use(Commands);
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const search = useOrderSearch(api, typed);
  const sections = sectionsOf(findCommands(registry.all(), typed), search.orders, typed, onOpenOrder);
  const items = sections.flatMap((section) => section.items);
  const at = Math.min(active, items.length - 1);
  const chosen = items[at];

  useEffect(() => {
    const element = dialog.current;
    if (element?.open === false) element.showModal();
  }, []);
  useEffect(() => {
    document.getElementById(`palette-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at, typed]);

  const run = (item: Item) => {
    // The focus goes back to where it was, before the command moves it.
    dialog.current?.close();
    // At once, not when the browser tells of it: the keys may ask for the palette again before that.
    onClose();
    setTimeout(item.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const last = items.length - 1;
    const step = stepOf(event.key);
    if (event.key === "Enter" && chosen !== undefined) run(chosen);
    else if (step !== null && last >= 0) setActive(step === 0 ? 0 : wrapped(at + step, last));
    else return;
    event.preventDefault();
  };

  return (
    <dialog
      ref={dialog}
      className={classes.dialog}
      aria-label="Commands"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
    >
      <div className={classes.content}>
        <div className={classes.field}>
          <Search size={16} aria-hidden />
          <input
            className={classes.input}
            role="combobox"
            aria-label="Command or order"
            aria-expanded={items.length > 0}
            aria-controls="palette-list"
            aria-activedescendant={chosen && `palette-${at}`}
            aria-autocomplete="list"
            placeholder="Command, customer, product or #id"
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
          <kbd aria-hidden>Esc</kbd>
        </div>
        <div className={classes.list} id="palette-list" role="listbox" aria-label="Commands and orders">
          {sections.map((section, place) => (
            <div key={section.name} role="group" aria-labelledby={`palette-group-${place}`}>
              <div className={classes.group} id={`palette-group-${place}`} role="presentation">
                {section.name}
              </div>
              {section.items.map((item) => {
                const index = items.indexOf(item);
                return (
                  <div
                    key={item.id}
                    id={`palette-${index}`}
                    className={classes.option}
                    role="option"
                    aria-selected={index === at}
                    aria-keyshortcuts={item.keys.join(" ") || undefined}
                    onPointerMove={() => {
                      setActive(index);
                    }}
                    onClick={() => {
                      run(item);
                    }}
                  >
                    {item.body}
                    <span className={classes.keys} aria-hidden>
                      {item.keys.map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                    </span>
                  </div>
                );
              })}
            </div>
          ))}
        </div>
        <p className={classes.word} role="status">
          {wordOf(items.length, search)}
        </p>
      </div>
    </dialog>
  );
}

function wordOf(count: number, { searching, error }: ReturnType<typeof useOrderSearch>): string {
  if (error !== null) return `Orders could not be searched: ${error}`;
  if (searching) return "Searching orders …";
  return count === 0 ? "Nothing is found" : counted(count, "result");
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8,
  Home: 0,
};
const stepOf = (key: string): number | null => STEPS[key] ?? null;
const wrapped = (index: number, last: number): number => (index > last ? 0 : index < 0 ? last : index);

/** A number asks for an order, and for nothing else. */
function sectionsOf(
  commands: readonly Command[],
  orders: readonly Order[],
  typed: string,
  onOpenOrder: (id: number) => void,
): Section[] {
  const own = { name: "Found orders", items: orders.map((order) => orderItem(order, onOpenOrder)) };
  const isNumber = /^\s*#?\d+\s*$/.test(typed);
  const groups = isNumber ? [] : [...new Set(commands.map(({ group }) => group))];
  const found: Section[] = groups.map((group) => ({
    name: group,
    items: commands.filter((command) => command.group === group).map(commandItem),
  }));
  return [...found, own].filter(({ items }) => items.length > 0);
}

function commandItem({ id, title, keys = [], icon: Icon, current = false, run }: Command): Item {
  const body = (
    <>
      <Icon className={classes.icon} size={16} aria-hidden />
      <span className={classes.title}>{title}</span>
      {current && <Check className={classes.icon} size={15} aria-label="is so now" />}
    </>
  );
  return { id, run, body, keys };
}

function orderItem(order: Order, onOpenOrder: (id: number) => void): Item {
  const { label, icon: Icon } = STATUS_LOOK[order.status];
  const body = (
    <>
      <span className={classes.status} data-status={order.status}>
        <Icon size={16} aria-label={label} />
      </span>
      <span className={classes.id}>#{order.id}</span>
      <span className={classes.title}>
        {order.customer_name} <span className={classes.product}>{order.product_name}</span>
      </span>
    </>
  );
  const run = () => {
    onOpenOrder(order.id);
  };
  return { id: `order-${order.id}`, run, body, keys: [] };
}
