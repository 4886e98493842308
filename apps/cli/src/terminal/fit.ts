import stringWidth from "string-width";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Cuts or pads text to a width in terminal columns; what is cut ends in an ellipsis. */
export function fit(text: string, width: number): string {
  const own = stringWidth(text);
  if (own <= width) return text + " ".repeat(width - own);
  if (width < 1) return "";
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = used + stringWidth(segment);
    if (next > width - 1) break;
    kept += segment;
    used = next;
  }
  return `${kept}…${" ".repeat(width - 1 - used)}`;
}

export const fitRight = (text: string, width: number): string =>
  " ".repeat(Math.max(0, width - stringWidth(text))) + text;
