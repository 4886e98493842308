/** A question of a form that is understood. */
export type Asked = { readonly kind: "history"; readonly id: number };

const HISTORY =
  /^(?:what (?:has )?happened (?:to|with) |(?:show |tell )?(?:me )?(?:the )?(?:history|story) of )(?:the )?(?:order )?(?:number |no )?#?(\d{1,10})$/;

/** Null: it is of none. Every word must have its place in a form: nothing of a question is passed over. */
export function parseQuestion(question: string): Asked | null {
  const words = question
    .toLowerCase()
    .replace(/[?!.,;:]+(?=\s|$)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const id = HISTORY.exec(words)?.[1];
  return id === undefined ? null : { kind: "history", id: Number(id) };
}
