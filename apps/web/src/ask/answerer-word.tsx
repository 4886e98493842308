import { problemSlug } from "@live-orders/client/api-error";
import { useQuery } from "@tanstack/react-query";
import classes from "./ask.module.css";
import { askApi } from "./use-ask.ts";

/** In milliseconds. */
const PACE = 5000;

/** What answers at present: the grammar, a model by its name, or nothing. */
export function AnswererWord() {
  const { data } = useQuery({
    queryKey: ["answerer"],
    refetchInterval: PACE,
    queryFn: ({ signal }) => askApi.answerer(signal),
  });
  return (
    <p className={classes.answerer} data-testid="answerer">
      <AnswererText answer={data} />
    </p>
  );
}

function AnswererText({
  answer,
}: {
  readonly answer: Awaited<ReturnType<typeof askApi.answerer>> | undefined;
}) {
  if (answer === undefined) return "Looking for an agent …";
  if (!answer.ok) {
    if (problemSlug(answer.error) !== "agent-away") return "The server can't be reached just now.";
    return (
      <>
        No agent is reachable, so nothing answers: <code>npx -y pnpm@10 agent</code> starts one.
      </>
    );
  }
  const { source } = answer.value;
  if (source.kind === "model") return `Answered by the model ${source.name}.`;
  return "Answered by a grammar of some forms of questions; no model is set up.";
}
