import { maskNames, plainText } from "./plain-text.ts";

/** What leads somewhere else: links, addresses, hosts, handles, in the spellings that people take for such. */
const LINKS = [
  /[a-z][a-z0-9+.-]{1,20}\s?:\s?\/\/\S*/giu,
  /\b(?:mailto|tel|sms|data|javascript|callto|whatsapp|tg|skype):\S*/giu,
  /\bwww\.\S*/giu,
  /\]\s?\([^)]*\)/gu,
  /<\s*\/?\s*[a-z][^>]*>/giu,
  /\S*[\p{L}\p{N}]@[\p{L}\p{N}]\S*/gu,
  /(?<![\p{L}\p{N}])@[\p{L}\p{N}_]{2,}/gu,
  /[\p{L}\p{N}_-]+(?:\s?[.。．]\s?[\p{L}\p{N}_-]+)*[.。．](?:\p{L}{2,24}|xn--[a-z0-9-]+)\b/giu,
  /[\p{L}\p{N}-]+\s*[([{]\s*(?:dot|at|\.|@)\s*[)\]}]\s*[\p{L}\p{N}-]+/giu,
  /[\p{L}\p{N}-]+\s+(?:dot)\s+(?:com|net|org|info|example|io|co|de|uk|biz|app|dev|me)\b/giu,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/gu,
  /\+\s?\d[\d\s().-]{5,}\d/gu,
] as const;

/** A text's first link or address that is not part of one of these names, whole; null: there is none. */
export function foreignLink(text: string, names: Iterable<string>): string | null {
  const rest = maskNames(plainText(text), names, false);
  for (const pattern of LINKS) {
    const [found] = rest.match(pattern) ?? [];
    if (found !== undefined) return found;
  }
  return null;
}
