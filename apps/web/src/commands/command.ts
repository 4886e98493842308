import type { LucideIcon } from "lucide-react";

/** The groups of the palette, in the order in which they are shown. */
const GROUPS = [
  "Selection",
  "This order",
  "Orders",
  "Go to",
  "Show",
  "Sort",
  "View",
  "How changes come",
] as const;

/** Something that a person can have done from the palette. */
export interface Command {
  readonly id: string;
  readonly group: (typeof GROUPS)[number];
  readonly title: string;
  /** More words that find it. */
  readonly words?: string;
  /** The keys that do the same: one after the other, or together with Ctrl. */
  readonly keys?: readonly string[];
  readonly icon: LucideIcon;
  /** It is what holds now. */
  readonly current?: boolean;
  readonly run: () => void;
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/** The commands that a text finds, by the beginnings of their words; those whose title begins with it first. */
export function findCommands(commands: readonly Command[], text: string): Command[] {
  const sought = wordsOf(text);
  const found = commands.filter(({ title, words = "", group }) => {
    const own = wordsOf(`${title} ${words} ${group}`);
    return sought.every((word) => own.some((one) => one.startsWith(word)));
  });
  if (sought.length === 0) return inGroups(found);
  const begins = ({ title }: Command) => title.toLowerCase().startsWith(text.trim().toLowerCase());
  return [...inGroups(found.filter(begins)), ...inGroups(found.filter((command) => !begins(command)))];
}

const inGroups = (commands: readonly Command[]): Command[] =>
  GROUPS.flatMap((group) => commands.filter((command) => command.group === group));
