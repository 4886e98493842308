import { describeError } from "@live-orders/client/api-error";
import type { AgentMessage } from "@live-orders/protocol/agent-message";
import type { ReviewAction } from "@live-orders/protocol/http-agent";
import { useState } from "react";
import { useParts } from "../live/page-parts.tsx";
import { grouped } from "../ui/grouped-number.ts";
import type { MessageBoard } from "./message-board.ts";
import { textOf } from "./message-text.ts";
import { DONE_WORD } from "./outbox-shelf.ts";
import { agentApi } from "./use-message-board.ts";

/** Whom the messages' deeds name. */
const BY = "the page";
const MAX_AT_ONCE = 200;

export interface Review {
  readonly busy: boolean;
  run(action: ReviewAction, messages: readonly AgentMessage[]): void;
  /** Resolves with why it was not saved; null if it was. */
  edit(message: AgentMessage, content: NonNullable<AgentMessage["content"]>): Promise<string | null>;
  copy(messages: readonly AgentMessage[]): void;
}

/** What a person does with messages, and what is said of it. */
export function useReview(board: MessageBoard): Review {
  const { toasts } = useParts();
  const [busy, setBusy] = useState(false);

  const reviewPart = async (action: ReviewAction, messages: readonly AgentMessage[]) => {
    const answer = await agentApi.review(action, messages, BY);
    if (!answer.ok) {
      toasts.show({ tone: "failure", text: describeError(answer.error) });
      return false;
    }
    const { results } = answer.value;
    board.take(results.flatMap(({ message }) => message ?? []));
    const done = results.filter(({ status }) => status === 200).length;
    const [problem] = results.flatMap((result) => result.problem ?? []);
    if (done > 0) toasts.show({ text: `${grouped(done)} ${DONE_WORD[action]}` });
    if (problem !== undefined) {
      const count = results.length - done;
      toasts.show({ tone: "failure", text: `${grouped(count)} not ${DONE_WORD[action]}: ${problem.detail}` });
    }
    return true;
  };

  const run = async (action: ReviewAction, messages: readonly AgentMessage[]) => {
    setBusy(true);
    for (let start = 0; start < messages.length; start += MAX_AT_ONCE) {
      if (!(await reviewPart(action, messages.slice(start, start + MAX_AT_ONCE)))) break;
    }
    setBusy(false);
  };

  return {
    busy,
    run: (action, messages) => {
      void run(action, messages);
    },
    edit: async (message, content) => {
      const answer = await agentApi.edit(message, content, BY);
      if (!answer.ok) return describeError(answer.error);
      board.take([answer.value.message]);
      return null;
    },
    copy: (messages) => {
      navigator.clipboard.writeText(textOf(messages)).then(
        () => toasts.show({ text: messages.length === 1 ? "Copied" : `${grouped(messages.length)} copied` }),
        () => toasts.show({ tone: "failure", text: "This browser does not let the page copy" }),
      );
    },
  };
}
