import type { ConnectionState } from "@live-orders/client/connection-state";
import type { Counts } from "@live-orders/protocol/http-orders";
import type { Order } from "@live-orders/protocol/order";
import { STATUSES, type Status } from "@live-orders/protocol/status";
import stringWidth from "string-width";
import { STATUS_ICONS, type Colours } from "../terminal/colour.ts";
import { count } from "../terminal/count.ts";
import { fit, fitRight } from "../terminal/fit.ts";
import { ago } from "./ago.ts";
import { connectionWords } from "./connection-words.ts";

export interface WatchPicture {
  /** Enough to fill the screen, the first at the top. */
  readonly orders: readonly Order[];
  readonly statuses: readonly Status[];
  /** Null until they are known. */
  readonly counts: Counts | null;
  readonly connection: ConnectionState;
  /** The rows that have just changed. */
  readonly changed: ReadonlySet<number>;
  /** In ms since the epoch. */
  readonly now: number;
  /** The terminal's, in characters. */
  readonly columns: number;
  readonly rows: number;
}

const KEYS = "a all   p pending   s shipped   d delivered   q quit";
/** Lines that are no orders: title, counts, head, and the keys with a line before them. */
const OTHER_LINES = 6;
const GAP = "  ";
const MARK_WIDTH = 2;
const STATUS_WIDTH = 11;
const AGO_WIDTH = 7;

/** How many orders fit on the screen. */
export const ordersThatFit = (rows: number): number => Math.max(1, rows - OTHER_LINES);

/** The screen's lines, none wider than the terminal. */
export function watchFrame(picture: WatchPicture, colours: Colours): string[] {
  const { columns, rows, orders } = picture;
  const shown = orders.slice(0, ordersThatFit(rows));
  const widths = widthsFor(shown, columns);
  const lines = [
    titleLine(picture, colours),
    countsLine(picture, colours),
    "",
    headLine(widths, colours),
    ...shown.map((order) => orderLine(order, widths, picture, colours)),
  ];
  if (shown.length === 0) lines.push(colours.dim(`${" ".repeat(MARK_WIDTH)}No orders here`));
  const room = rows - 1 - lines.length;
  return [
    ...lines,
    ...Array.from({ length: Math.max(0, room) }, () => ""),
    colours.dim(fit(KEYS, columns)),
  ].slice(0, rows);
}

function titleLine({ connection, now, columns }: WatchPicture, colours: Colours): string {
  const title = "Live Orders";
  const words = connectionWords(connection, now, colours);
  const room = columns - title.length - stringWidth(words);
  return room < 2 ? fitWords(words, columns) : colours.bold(title) + " ".repeat(room) + words;
}

/** Colour codes can't be cut: words that are too wide give way whole. */
const fitWords = (words: string, columns: number): string => (stringWidth(words) <= columns ? words : "");

function countsLine({ counts, statuses, columns }: WatchPicture, colours: Colours): string {
  const all = statuses.length === STATUSES.length;
  const tally = (value: number | undefined) => (value === undefined ? "–" : count(value));
  const total = `All ${tally(counts?.total)}`;
  const parts = STATUSES.map((status) => {
    const text = `${STATUS_ICONS[status]} ${status} ${tally(counts?.[status])}`;
    return statuses.includes(status) ? colours.status[status](text) : colours.dim(text);
  });
  return fitWords([all ? colours.bold(total) : colours.dim(total), ...parts].join("   "), columns);
}

interface Widths {
  readonly id: number;
  readonly customer: number;
  readonly product: number;
}

function widthsFor(orders: readonly Order[], columns: number): Widths {
  const id = orders.reduce((width, order) => Math.max(width, String(order.id).length), 4);
  const names = Math.max(4, columns - MARK_WIDTH - id - STATUS_WIDTH - AGO_WIDTH - 4 * GAP.length);
  const customer = Math.floor(names * 0.3);
  return { id, customer, product: names - customer };
}

function headLine({ id, customer, product }: Widths, colours: Colours): string {
  const cells = [
    " ".repeat(MARK_WIDTH) + fitRight("#", id),
    fit("Customer", customer),
    fit("Product", product),
    fit("Status", STATUS_WIDTH),
    fitRight("Updated", AGO_WIDTH),
  ];
  return colours.dim(cells.join(GAP));
}

function orderLine(order: Order, widths: Widths, picture: WatchPicture, colours: Colours): string {
  const changed = picture.changed.has(order.id);
  const id = fitRight(String(order.id), widths.id);
  const badge = fit(`${STATUS_ICONS[order.status]} ${order.status}`, STATUS_WIDTH);
  const updated = fitRight(ago(Date.parse(order.updated_at), picture.now), AGO_WIDTH);
  return [
    (changed ? colours.changed("›") + " " : " ".repeat(MARK_WIDTH)) + (changed ? colours.bold(id) : id),
    fit(order.customer_name, widths.customer),
    fit(order.product_name, widths.product),
    colours.status[order.status](badge),
    colours.dim(updated),
  ].join(GAP);
}
