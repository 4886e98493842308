import { ChartLine, Mail, MessageCircleQuestionMark, Rows3, Waypoints, type LucideIcon } from "lucide-react";

interface PageLink {
  readonly path: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** The letter after `g` that goes there. */
  readonly key: string;
}

/** The pages in the order in which they are offered; `router.tsx` says what each shows. */
export const PAGES = [
  { path: "/", name: "Orders", icon: Rows3, key: "o" },
  { path: "/activity", name: "Activity", icon: ChartLine, key: "a" },
  { path: "/transports", name: "Transports", icon: Waypoints, key: "t" },
  { path: "/outbox", name: "Outbox", icon: Mail, key: "u" },
  { path: "/ask", name: "Ask", icon: MessageCircleQuestionMark, key: "q" },
] as const satisfies readonly PageLink[];
