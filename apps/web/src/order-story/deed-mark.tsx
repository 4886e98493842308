import { ArrowRight, Minus, Pencil, Plus, type LucideIcon } from "lucide-react";
import { STATUS_LOOK } from "../status/status-look.ts";
import classes from "./deed-mark.module.css";
import type { Deed } from "./story-entries.ts";
import { deedWord } from "./story-words.ts";

interface Mark {
  readonly icon: LucideIcon;
  readonly tone: "pending" | "shipped" | "delivered" | "plain" | "danger";
}

function markOf(deed: Deed): Mark {
  if (deed.kind === "created") return { icon: Plus, tone: "plain" };
  if (deed.kind === "deleted") return { icon: Minus, tone: "danger" };
  if (deed.kind !== "edited" || deed.move === null) return { icon: Pencil, tone: "plain" };
  return { icon: STATUS_LOOK[deed.move.to].icon, tone: deed.move.to };
}

/** What kind of change it was, to see at a glance; `DeedLine` says it. */
export function DeedMark({ deed }: { readonly deed: Deed }) {
  const { icon: Icon, tone } = markOf(deed);
  return (
    <span className={classes.mark} data-tone={tone} aria-hidden>
      <Icon size={13} />
    </span>
  );
}

/** What happened, in few words; a move with an arrow. */
export function DeedLine({ deed }: { readonly deed: Deed }) {
  if (deed.kind !== "edited" || deed.move === null) return deedWord(deed);
  const { from, to } = deed.move;
  return (
    <>
      {STATUS_LOOK[from].label}
      <ArrowRight className={classes.arrow} size={13} aria-label="to" />
      {STATUS_LOOK[to].label}
    </>
  );
}
