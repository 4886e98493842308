import type { AgentMessage } from "@live-orders/protocol/agent-message";
import { escapeFormula } from "@live-orders/protocol/formula";
import { messagesExportSchema } from "@live-orders/protocol/http-agent";
import type { MessageStore } from "@live-orders/store/message-store";
import { stringify } from "csv-stringify/sync";
import type { RequestHandler } from "express";
import { inTime } from "../http/deadline.ts";
import { readQuery } from "../http/query.ts";

const PAGE = 200;
const MAX_PAGES = 100;

const COLUMNS = [
  "id",
  "state",
  "trigger",
  "order",
  "customer_name",
  "product_name",
  "subject",
  "text",
] as const;

const HEADERS = {
  "Content-Type": "text/csv; charset=utf-8; header=present",
  "Content-Disposition": 'attachment; filename="messages.csv"',
};

/** `GET /api/agent/messages.csv`: what a person needs to send them by other means, at most 20,000. */
export function exportMessages(messages: MessageStore): RequestHandler {
  return async (request, response) => {
    const { state: states = [] } = readQuery(request, messagesExportSchema);
    response.set(HEADERS);
    if (request.method === "HEAD") return void response.end();
    const lines: string[][] = [[...COLUMNS]];
    let before: number | null = null;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const page: readonly AgentMessage[] = await inTime(
        messages.page({ states, order: null, limit: PAGE, before }),
      );
      lines.push(...page.map(fieldsOf));
      before = page.at(-1)?.version ?? null;
      if (page.length < PAGE) break;
    }
    response.send(stringify(lines));
  };
}

const fieldsOf = ({ id, state, cause, order, content }: AgentMessage): string[] =>
  [
    id,
    state,
    cause.trigger,
    String(order.id),
    order.customer_name,
    order.product_name,
    content?.subject ?? "",
    content?.text ?? "",
  ].map(escapeFormula);
