import { MAX_QUESTION } from "@live-orders/protocol/http-ask";
import { useState } from "react";
import { AnswererWord } from "../ask/answerer-word.tsx";
import classes from "../ask/ask.module.css";
import { ExchangeCard } from "../ask/exchange-card.tsx";
import { useAsk } from "../ask/use-ask.ts";
import { Button } from "../ui/button.tsx";
import { useTitle } from "./use-title.ts";

const EXAMPLES = [
  "Which customers have undelivered orders older than a day?",
  "How many shipped today?",
  "Who waits longest?",
  "What changed since nine?",
];

/** Questions about the orders, in plain language. */
export function AskPage() {
  useTitle("Ask");
  const { exchanges, ask, isComing } = useAsk();
  const [question, setQuestion] = useState("");
  const submit = (text: string) => {
    if (text.trim() !== "") void ask(text.trim());
  };
  return (
    <main className={classes.page} data-testid="ask">
      <div className={classes.inner}>
        <h1 className={classes.title}>Ask</h1>
        <AnswererWord />
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            submit(question);
          }}
        >
          <input
            className={classes.input}
            aria-label="Question"
            placeholder="What happened to order 1234?"
            maxLength={MAX_QUESTION}
            value={question}
            autoComplete="off"
            onChange={(event) => {
              setQuestion(event.currentTarget.value);
            }}
          />
          <Button kind="primary" type="submit">
            Ask
          </Button>
        </form>
        {exchanges.length === 0 && (
          <ul className={classes.examples} aria-label="Examples">
            {EXAMPLES.map((example) => (
              <li key={example}>
                <button
                  type="button"
                  className={classes.example}
                  onClick={() => {
                    setQuestion(example);
                    submit(example);
                  }}
                >
                  {example}
                </button>
              </li>
            ))}
          </ul>
        )}
        <ol className={classes.exchanges} aria-label="Answers" aria-live="polite" aria-busy={isComing}>
          {exchanges.map((exchange) => (
            <ExchangeCard key={exchange.id} exchange={exchange} />
          ))}
        </ol>
      </div>
    </main>
  );
}
