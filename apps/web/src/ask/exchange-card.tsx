import { Link } from "@tanstack/react-router";
import { StatusBadge } from "../status/status-badge.tsx";
import type { AnswerState } from "./answer-state.ts";
import classes from "./ask.module.css";
import type { Exchange } from "./use-ask.ts";

/** A question and its answer, as far as it has come. */
export function ExchangeCard({ exchange: { question, answer } }: { readonly exchange: Exchange }) {
  return (
    <li className={classes.exchange} data-testid="exchange" data-end={answer.end.kind}>
      <h2 className={classes.question}>{question}</h2>
      <p className={classes.source}>{sourceWords(answer)}</p>
      {answer.text !== "" && <p className={classes.text}>{answer.text}</p>}
      {answer.end.kind === "failed" && (
        <p className={classes.failure} role="alert">
          {answer.end.reason}
        </p>
      )}
      {answer.orders.length > 0 && (
        <ul className={classes.orders} aria-label="Orders of the answer">
          {answer.orders.map(({ id, customer_name, product_name, status }) => (
            <li key={id} className={classes.order}>
              <Link className={classes.link} to="/" search={{ order: id }}>{`#${id}`}</Link>
              <StatusBadge status={status} />
              <span className={classes.name}>{`${customer_name} · ${product_name}`}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function sourceWords({ source, why, end }: AnswerState): string {
  if (source === null) return end.kind === "coming" ? "Asking …" : "No answer";
  const by = source.kind === "grammar" ? "By the grammar" : `By the model ${source.name}`;
  return `${by}${why === null ? "" : `: ${why}`}${end.kind === "coming" ? " …" : ""}`;
}
