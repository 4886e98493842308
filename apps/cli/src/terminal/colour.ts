import type { Status } from "@live-orders/protocol/status";
import { styleText } from "node:util";
import type { Terminal, TerminalOutput } from "./terminal.ts";

type Paint = (text: string) => string;

/** The page's tokens in the sixteen colours that every terminal has, so that its own theme holds. */
export interface Colours {
  readonly status: Readonly<Record<Status, Paint>>;
  readonly dim: Paint;
  readonly bold: Paint;
  readonly alarm: Paint;
  readonly changed: Paint;
}

const plain: Paint = (text) => text;
const painted =
  (format: Parameters<typeof styleText>[0]): Paint =>
  (text) =>
    styleText(format, text, { validateStream: false });

const COLOURED: Colours = {
  status: { pending: painted("yellow"), shipped: painted("blue"), delivered: painted("green") },
  dim: painted("dim"),
  bold: painted("bold"),
  alarm: painted("red"),
  changed: painted("inverse"),
};

const PLAIN: Colours = {
  status: { pending: plain, shipped: plain, delivered: plain },
  dim: plain,
  bold: plain,
  alarm: plain,
  changed: plain,
};

/** No colour when piped, on a dumb terminal, or under `NO_COLOR` (no-color.org). */
export function coloursFor(stream: TerminalOutput, env: Terminal["env"]): Colours {
  const wanted = stream.isTTY === true && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  return wanted ? COLOURED : PLAIN;
}

/** Colour, icon and word: none of them is needed to tell a status. */
export const STATUS_ICONS: Readonly<Record<Status, string>> = {
  pending: "◔",
  shipped: "➜",
  delivered: "✓",
};
