export interface Bar {
  readonly label: string;
  readonly value: number;
  /** As it is to be read, beside the bar. */
  readonly text: string;
  readonly colour: string;
}

export interface BarChart {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Where a line goes down through all bars. */
  readonly mark?: { readonly value: number; readonly text: string };
  /** A longer bar ends here, broken off. Default: the greatest value. */
  readonly most?: number;
  /** Room for the labels, in the chart's units, of which it is 760 wide. Default 190. */
  readonly labels?: number;
}

const WIDTH = 760;
const RIGHT = 90;
const TOP = 40;
const ROW = 24;
const BAR = 12;
const FONT = 'font-family="system-ui, sans-serif" font-size="12"';

/** An SVG with a bar a line, from zero; drawn for light and for dark pages alike. */
export function barChart({ title, bars, mark, most, labels = 190 }: BarChart): string {
  const height = TOP + bars.length * ROW + 12;
  const greatest = most ?? Math.max(mark?.value ?? 0, ...bars.map(({ value }) => value));
  const across = (value: number): number =>
    labels + (Math.min(value, greatest) / greatest) * (WIDTH - RIGHT - labels);
  const lines = bars.map((bar, index) => {
    const y = TOP + index * ROW;
    const end = across(bar.value);
    const broken = bar.value > greatest ? ` stroke="${bar.colour}" stroke-dasharray="3 3"` : "";
    return (
      `<text x="${labels - 10}" y="${y + 11}" text-anchor="end">${escaped(bar.label)}</text>` +
      `<rect x="${labels}" y="${y}" width="${(end - labels).toFixed(1)}" height="${BAR}" rx="2" fill="${bar.colour}"${broken}/>` +
      `<text x="${(end + 8).toFixed(1)}" y="${y + 11}">${escaped(bar.text)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" fill="#777" ${FONT} role="img" aria-label="${escaped(title)}">`,
    `<text x="10" y="18" font-weight="600">${escaped(title)}</text>`,
    ...lines,
    ...(mark === undefined ? [] : [markAt(across(mark.value), mark.text, height)]),
    "</svg>",
    "",
  ].join("\n");
}

const markAt = (x: number, text: string, height: number): string =>
  `<path d="M${x.toFixed(1)} ${TOP - 10}V${height - 8}" stroke="#777" stroke-dasharray="4 3"/>` +
  `<text x="${x.toFixed(1)}" y="${TOP - 14}" text-anchor="middle">${escaped(text)}</text>`;

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
