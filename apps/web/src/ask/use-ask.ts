import { createAskApi } from "@live-orders/client/ask-api";
import { useEffect, useRef, useState } from "react";
import { NO_ANSWER, withPart, type AnswerState } from "./answer-state.ts";

export const askApi = createAskApi();

export interface Exchange {
  readonly id: number;
  readonly question: string;
  readonly answer: AnswerState;
}

/** Questions that are kept on the page. */
const MAX_EXCHANGES = 20;

/** What was asked since the page was opened, the latest first; a new question ends the answer before it. */
export function useAsk() {
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const ask = async (question: string): Promise<void> => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    const id = Date.now();
    let answer = NO_ANSWER;
    setExchanges((before) => [
      { id, question, answer },
      ...before.map(calledOff).slice(0, MAX_EXCHANGES - 1),
    ]);
    const { timeZone: time_zone } = new Intl.DateTimeFormat().resolvedOptions();
    for await (const part of askApi.ask({ question, time_zone }, stop.signal)) {
      answer = withPart(answer, part);
      const now = answer;
      setExchanges((before) => before.map((one) => (one.id === id ? { ...one, answer: now } : one)));
    }
  };
  const isComing = exchanges[0]?.answer.end.kind === "coming";
  return { exchanges, ask, isComing };
}

function calledOff(exchange: Exchange): Exchange {
  if (exchange.answer.end.kind !== "coming") return exchange;
  const end = { kind: "failed", reason: "Another question was asked meanwhile" } as const;
  return { ...exchange, answer: { ...exchange.answer, end } };
}
