import { failureWord } from "../live/failure-word.ts";
import type { Review } from "../live/deed.ts";
import { errorsAt, type FieldErrors } from "./order-draft.ts";
import classes from "./order-form.module.css";

/** What the server said about single fields. */
export function refusedFields(review: Review | null): FieldErrors {
  if (review?.failure.kind !== "refused" || review.failure.error.kind !== "problem") return {};
  return errorsAt(review.failure.error.problem.errors ?? []);
}

/** Why the form is open again. */
export function RefusalNotice({ review }: { readonly review: Review | null }) {
  if (review === null || review.failure.kind === "conflict") return null;
  return (
    <p className={classes.notice} data-tone="failure" role="alert">
      Not saved: {failureWord(review.failure)}.
    </p>
  );
}
