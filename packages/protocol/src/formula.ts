/** What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection"), full-width signs included. */
const FORMULA = /^'*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** Puts a `'` before text that a spreadsheet would run, and before text that looks as if that had been done already. */
export const escapeFormula = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

/** Takes back exactly what `escapeFormula` did. */
export const unescapeFormula = (text: string): string =>
  text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
