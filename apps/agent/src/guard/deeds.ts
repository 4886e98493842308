import { maskNames, plainText } from "./plain-text.ts";

const DONE =
  "approved|sent|mailed|emailed|dismissed|deleted|removed|changed|updated|shipped|moved|marked|cancell?ed|refunded|created|edited|renamed|set|switched";
const OWN = new RegExp(
  String.raw`\b(?:I|we)(?:['’]ve|\s+(?:have|had|just|now|already|also|successfully))*\s+(?:${DONE})\b`,
  "iu",
);
const UNKNOWN = /\b(?:approv(?:ed|als?)|dismissed|e-?mailed|refund(?:ed|s)?)\b/iu;

/** Whether a text says of who wrote it that it did something to an order or a message. */
export const claimsOwnDeed = (text: string): boolean => OWN.test(plainText(text));

/** Whether a text tells, outside of these names, of an approval, a mail or a refund: no data tells of any. */
export const claimsUnknownDeed = (text: string, names: Iterable<string>): boolean =>
  UNKNOWN.test(maskNames(plainText(text), names, false));
