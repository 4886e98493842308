import type { OrdersApi } from "@live-orders/client/orders-api";
import type { Change } from "@live-orders/protocol/change";
import { cursorSchema } from "@live-orders/protocol/cursor";
import { timestampSchema } from "@live-orders/protocol/order";
import { searchMatcher } from "@live-orders/protocol/order-query";
import { STATUSES, statusSchema } from "@live-orders/protocol/status";
import { z } from "zod";
import { readWindow } from "./change-window.ts";
import { answered, readTool, ToolFailure } from "./read-tool.ts";
import { DEEDS, seenChange, seenChangeSchema, type SeenChange } from "./seen-change.ts";
import { limitInput, textInput } from "./tool-input.ts";

const inputSchema = z.strictObject({
  since: timestampSchema
    .optional()
    .describe(
      "all changes from this time on (RFC 3339, UTC, milliseconds), summed up, and the newest of them",
    ),
  until: timestampSchema.optional().describe("with since only: no change at or after this time"),
  after: cursorSchema
    .optional()
    .describe("instead of since: the changes after this cursor, the oldest first"),
  deed: z.enum(DEEDS).optional().describe("only changes that did this"),
  to: statusSchema
    .optional()
    .describe("only changes that moved an order to this status, or created it there"),
  text: textInput,
  limit: limitInput,
});
type Input = z.output<typeof inputSchema>;

const perStatus = z.object({ pending: z.int(), shipped: z.int(), delivered: z.int() });
const sumsSchema = z.object({
  changes: z.int(),
  orders: z.int().describe("different orders that changed"),
  created: z.int(),
  created_in: perStatus,
  renamed: z.int(),
  deleted: z.int(),
  touched: z.int().describe("changes of the time alone, or of which it is not known what they changed"),
  moved_to: perStatus.describe("different orders that were moved to this status from another"),
});

const outputSchema = z.object({
  changes: z.array(seenChangeSchema).describe("with since the newest first, with after the oldest first"),
  sums: sumsSchema.nullable().describe("with since only: of all changes that match"),
  since: timestampSchema.nullable().describe("later than what was asked for if the history begins later"),
  cut: z.boolean().describe("the history does not reach back to what was asked for"),
  from: cursorSchema.nullable().describe("with since: for after, to read all of its changes"),
  cursor: cursorSchema.describe("for after: what comes later"),
  more: z.boolean(),
});
type Output = z.input<typeof outputSchema>;

type ChangesApi = Pick<OrdersApi, "changes" | "cursorSince">;

/** What changed of all orders. */
export const recentChanges = (api: ChangesApi) =>
  readTool({
    name: "recent_changes",
    description:
      "What changed, of all orders: since a time, summed up and the newest changes; or page by page after a cursor.",
    input: inputSchema,
    output: outputSchema,
    read: (input, signal) => {
      if ((input.since === undefined) === (input.after === undefined)) {
        throw new ToolFailure("Give either since or after");
      }
      return input.since === undefined
        ? changesAfter(api, input, signal)
        : changesSince(api, { ...input, since: input.since }, signal);
    },
  });

async function changesSince(
  api: ChangesApi,
  { since, until = "~", limit, ...filter }: Input & { readonly since: string },
  signal: AbortSignal,
): Promise<Output> {
  const isWanted = matcherOf(filter);
  const newest: SeenChange[] = [];
  const sums = new ChangeSums();
  const take = (change: Change): void => {
    const seen = seenChange(change);
    if (seen.at >= until || !isWanted(seen)) return;
    sums.take(seen);
    newest.push(seen);
    if (newest.length > 2 * limit) newest.splice(0, limit);
  };
  const { since: reached, isCut: cut, from, to: cursor } = await readWindow(api, since, take, signal);
  const changes = newest.slice(-limit).reverse();
  const total = sums.read();
  return { changes, sums: total, since: reached, cut, from, cursor, more: total.changes > changes.length };
}

/** A page of the feed; those that do not match are left out of it, so it may be empty though there is more. */
async function changesAfter(
  api: ChangesApi,
  { after, limit, ...filter }: Input,
  signal: AbortSignal,
): Promise<Output> {
  const query = { limit, ...(after !== undefined && { after }) };
  const { changes, cursor, more } = answered(await api.changes(query, { signal, tries: 3 }));
  const wanted = changes.map(seenChange).filter(matcherOf(filter));
  return { changes: wanted, sums: null, since: null, cut: false, from: null, cursor, more };
}

function matcherOf({ deed, to, text = "" }: Pick<Input, "deed" | "to" | "text">) {
  const matches = searchMatcher(text);
  return (change: SeenChange): boolean => {
    if (deed !== undefined && change.deed !== deed) return false;
    if (to !== undefined && (change.to !== to || change.from === to)) return false;
    const { id, customer_name, product_name } = change;
    return matches({ id, customer_name: customer_name ?? "", product_name: product_name ?? "" });
  };
}

/** Sums changes up, the oldest first. */
class ChangeSums {
  readonly #orders = new Set<number>();
  readonly #moved = { pending: new Set<number>(), shipped: new Set<number>(), delivered: new Set<number>() };
  readonly #created = { pending: 0, shipped: 0, delivered: 0 };
  readonly #deeds = { created: 0, moved: 0, renamed: 0, deleted: 0, touched: 0 };

  take({ id, deed, to }: SeenChange): void {
    this.#orders.add(id);
    this.#deeds[deed] += 1;
    if (to === null) return;
    if (deed === "created") this.#created[to] += 1;
    if (deed === "moved") this.#moved[to].add(id);
  }

  read(): z.input<typeof sumsSchema> {
    const { created, moved, renamed, deleted, touched } = this.#deeds;
    const [pending = 0, shipped = 0, delivered = 0] = STATUSES.map((status) => this.#moved[status].size);
    return {
      changes: created + moved + renamed + deleted + touched,
      orders: this.#orders.size,
      created,
      created_in: { ...this.#created },
      renamed,
      deleted,
      touched,
      moved_to: { pending, shipped, delivered },
    };
  }
}
