import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { TRANSPORT_NAMES, transportNameSchema, type TransportName } from "@live-orders/client/transport-name";
import { orderIdSchema } from "@live-orders/protocol/order";
import { searchSchema, sortSchema, SORT_FIELDS, type Sort } from "@live-orders/protocol/order-query";
import { STATUSES, statusSchema, type Status } from "@live-orders/protocol/status";

/** For an option that may stand several times. */
export const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

export function parseId(text: string): number {
  const id = orderIdSchema.safeParse(/^\d{1,10}$/.test(text) ? Number(text) : Number.NaN);
  if (!id.success) throw new InvalidArgumentError("It must be a whole number from 1 to 2147483647.");
  return id.data;
}

export function parseStatus(text: string): Status {
  const status = statusSchema.safeParse(text);
  if (!status.success) throw new InvalidArgumentError(`It is one of ${STATUSES.join(", ")}.`);
  return status.data;
}

const parseStatuses = (text: string, before: readonly Status[] = []): readonly Status[] => [
  ...before,
  ...text.split(",").map(parseStatus),
];

export function parseSort(text: string): Sort {
  const sort = sortSchema.safeParse(text);
  if (!sort.success) {
    throw new InvalidArgumentError(`It is one of ${SORT_FIELDS.join(", ")}, with a - before it to descend.`);
  }
  return sort.data;
}

export function parseSearch(text: string): string {
  const search = searchSchema.safeParse(text);
  if (!search.success) throw new InvalidArgumentError(search.error.issues[0]?.message ?? "");
  return search.data;
}

export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

function parseTransport(text: string): TransportName {
  const name = transportNameSchema.safeParse(text);
  if (name.success) return name.data;
  throw new InvalidArgumentError(`It is one of ${TRANSPORT_NAMES.join(", ")}.`);
}

/** `--transport`: what carries the feed. */
export const transportChoice = () =>
  new Option(
    "--transport <name>",
    `what carries the feed: ${TRANSPORT_NAMES.join(", ")} (default: the first that the network lets through)`,
  ).argParser(parseTransport);

/** `--status` as a filter. */
export const statusFilter = () =>
  new Option("--status <status>", "only these: pending, shipped, delivered (may repeat)").argParser(
    parseStatuses,
  );
