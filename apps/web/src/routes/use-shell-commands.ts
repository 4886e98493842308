import { DEFAULT_SORT, formatSort } from "@live-orders/protocol/order-query";
import { STATUSES } from "@live-orders/protocol/status";
import { useMantineColorScheme } from "@mantine/core";
import {
  ArrowDownUp,
  Cable,
  Download,
  HelpCircle,
  Keyboard,
  Moon,
  Plus,
  Rows3,
  Search,
  Sun,
  SunMoon,
  Undo2,
} from "lucide-react";
import { useSyncExternalStore } from "react";
import type { Command } from "../commands/command.ts";
import { useCommands } from "../commands/command-registry.ts";
import { choiceWord, TRANSPORT_CHOICES } from "../connection/transport-choice.ts";
import { useParts } from "../live/page-parts.tsx";
import { STATUS_LOOK } from "../status/status-look.ts";
import { exportHref, filterOf } from "./orders-search.ts";
import { focusSearch, SORTS } from "./orders-toolbar.tsx";
import { PAGES } from "./pages.ts";
import { useOrdersAddress } from "./use-orders-address.ts";
import { useNavigate } from "@tanstack/react-router";

interface ShellDeeds {
  readonly singleKeys: boolean;
  readonly onSingleKeys: (on: boolean) => void;
  readonly onHelp: () => void;
}

/** What can be done on whatever page. */
export function useShellCommands({ singleKeys, onSingleKeys, onHelp }: ShellDeeds): void {
  const orders = useOrderCommands();
  const view = useViewCommands();
  const transports = useTransportCommands();
  const navigate = useNavigate();
  const pages = PAGES.map(({ path, name, icon, key }): Command => ({
    id: `go-${path}`,
    group: "Go to",
    title: name,
    words: "page open",
    keys: ["G", key.toUpperCase()],
    icon,
    run: () => void navigate({ to: path }),
  }));
  useCommands([
    ...orders,
    ...pages,
    ...view,
    {
      id: "single-keys",
      group: "View",
      title: singleKeys ? "Switch single-letter shortcuts off" : "Switch single-letter shortcuts on",
      words: "keyboard letters keys",
      icon: Keyboard,
      run: () => {
        onSingleKeys(!singleKeys);
      },
    },
    {
      id: "help",
      group: "View",
      title: "Keyboard shortcuts",
      words: "help keys",
      keys: ["?"],
      icon: HelpCircle,
      run: onHelp,
    },
    ...transports,
  ]);
}

/** Whatever page is open: what the orders page shows stands in its address. */
function useOrderCommands(): Command[] {
  const { undos, toasts } = useParts();
  const { search, goTo } = useOrdersAddress();
  const sort = search.sort ?? formatSort(DEFAULT_SORT);
  const tabs = [undefined, ...STATUSES].map((status): Command => ({
    id: `tab-${status ?? "all"}`,
    group: "Show",
    title: status === undefined ? "All orders" : `${STATUS_LOOK[status].label} orders`,
    words: "tab filter status",
    icon: status === undefined ? Rows3 : STATUS_LOOK[status].icon,
    current: search.status === status,
    run: () => {
      goTo({ status });
    },
  }));
  const sorts = SORTS.map(({ value, label }): Command => ({
    id: `sort-${value}`,
    group: "Sort",
    title: `By ${label.charAt(0).toLowerCase()}${label.slice(1)}`,
    words: "order by column",
    icon: ArrowDownUp,
    current: sort === value,
    run: () => {
      goTo({ sort: value === formatSort(DEFAULT_SORT) ? undefined : value });
    },
  }));
  return [
    {
      id: "new",
      group: "Orders",
      title: "New order",
      words: "create add",
      keys: ["N"],
      icon: Plus,
      run: () => {
        goTo({ order: "new" });
      },
    },
    {
      id: "search",
      group: "Orders",
      title: "Search orders",
      words: "find filter",
      keys: ["/"],
      icon: Search,
      run: () => {
        goTo({});
        // The page may have to come first.
        setTimeout(focusSearch, 60);
      },
    },
    {
      id: "undo",
      group: "Orders",
      title: "Undo the last change",
      words: "take back revert",
      keys: ["Z"],
      icon: Undo2,
      run: () => {
        if (!undos.undo()) toasts.show({ text: "There is nothing to undo" });
      },
    },
    {
      id: "export",
      group: "Orders",
      title: "Export what is shown as CSV",
      words: "download file spreadsheet",
      icon: Download,
      run: () => {
        const link = document.createElement("a");
        link.href = exportHref(filterOf(search));
        link.download = "";
        link.click();
      },
    },
    ...tabs,
    ...sorts,
  ];
}

const SCHEMES = [
  { scheme: "light", title: "Light", icon: Sun },
  { scheme: "dark", title: "Dark", icon: Moon },
  { scheme: "auto", title: "Light or dark as the system is", icon: SunMoon },
] as const;

function useViewCommands(): Command[] {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return SCHEMES.map(({ scheme, title, icon }) => ({
    id: `scheme-${scheme}`,
    group: "View",
    title,
    words: "colour color scheme theme mode",
    icon,
    current: colorScheme === scheme,
    run: () => {
      setColorScheme(scheme);
    },
  }));
}

function useTransportCommands(): Command[] {
  const { live, transport } = useParts();
  const chosen = useSyncExternalStore(
    (listener) => transport.subscribe(listener),
    () => transport.choice(),
  );
  return TRANSPORT_CHOICES.map((choice) => ({
    id: `transport-${choice}`,
    group: "How changes come",
    title: choiceWord(choice),
    words: "transport connection",
    icon: Cable,
    current: chosen === choice,
    run: () => {
      transport.choose(choice);
      live.useTransport(transport.transport());
    },
  }));
}
