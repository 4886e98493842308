import type { DraftText, TriggerKind } from "@live-orders/protocol/agent-message";
import type { Order } from "@live-orders/protocol/order";
import type { Drafter, DraftRequest } from "./drafter.ts";

type Template = (order: Order, at: string) => DraftText;

const dayOf = (at: string): string => at.slice(0, 10);

/** Plain text. Names stand in it as they are: nothing of them is read as an instruction. */
const TEMPLATES: Readonly<Record<TriggerKind, Template>> = {
  "pending-too-long": ({ id, customer_name, product_name }, at) => ({
    subject: `Your order #${id} is still being prepared`,
    text: `Hello ${customer_name},

your order #${id} (${product_name}) has been waiting since ${dayOf(at)}. We are sorry that it takes so long. We will write again as soon as it is on its way.

Kind regards`,
  }),
  "became-shipped": ({ id, customer_name, product_name }, at) => ({
    subject: `Your order #${id} is on its way`,
    text: `Hello ${customer_name},

your order #${id} (${product_name}) was shipped on ${dayOf(at)}.

Kind regards`,
  }),
  "became-delivered": ({ id, customer_name, product_name }, at) => ({
    subject: `Your order #${id} has arrived`,
    text: `Hello ${customer_name},

your order #${id} (${product_name}) was delivered on ${dayOf(at)}. We hope that you like it.

Kind regards`,
  }),
};

/** Writes by templates: at once, and never declines. */
export const templateDrafter: Drafter = {
  name: "templates",
  patienceMs: 0,
  atOnce: 50,
  draft: ({ cause, order }: DraftRequest) =>
    Promise.resolve({
      kind: "draft",
      content: TEMPLATES[cause.kind](order, cause.at),
      made_by: { kind: "template", name: cause.kind },
    }),
};
