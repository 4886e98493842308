/** Written alike but spelled otherwise, or with something unseen in between: made one, before it is looked at. */
export function plainText(text: string): string {
  return text.normalize("NFKC").replace(/\p{Cf}|\p{Mn}/gu, "");
}

/** What stands in the place of what was already accounted for. */
const MASK = " \u0000 ";

/** Without what a pattern finds and `isKnown` accepts. */
export function maskWhere(
  text: string,
  pattern: RegExp,
  isKnown: (found: RegExpExecArray) => boolean,
): string {
  let masked = "";
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    if (!isKnown(found)) continue;
    masked += text.slice(from, found.index) + MASK;
    from = found.index + found[0].length;
  }
  return masked + text.slice(from);
}

/** Without any of these names, where they stand whole; the longest first. `quoted`: only in quotation marks. */
export function maskNames(text: string, names: Iterable<string>, quoted: boolean): string {
  const longest = [...new Set([...names].map((name) => plainText(name).trim()))]
    .filter((name) => /\p{L}/u.test(name) && text.includes(name))
    .sort((a, b) => b.length - a.length);
  return longest.reduce((rest, name) => {
    const escaped = name.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
    const pattern = quoted
      ? `["“”„«»']${escaped}["“”„«»']`
      : `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`;
    return rest.replace(new RegExp(pattern, "gu"), MASK);
  }, text);
}
