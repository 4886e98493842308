export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart {
  readonly title: string;
  /** What the axis below counts. */
  readonly x: string;
  readonly series: readonly Series[];
}

const WIDTH = 640;
const HEIGHT = 300;
const LEFT = 56;
const RIGHT = 130;
const TOP = 36;
const BOTTOM = 40;
const FONT = 'font-family="system-ui, sans-serif" font-size="12"';

/** An SVG with both axes logarithmic; drawn for light and for dark pages alike. */
export function lineChart({ title, x, series }: LineChart): string {
  const points = series.flatMap((one) => one.points).filter(([, y]) => y > 0);
  const across = scale(
    points.map(([px]) => px),
    LEFT,
    WIDTH - RIGHT,
  );
  const up = scale(
    points.map(([, y]) => y),
    HEIGHT - BOTTOM,
    TOP,
  );
  const grid = up.ticks.map(
    (tick) =>
      `<path d="M${LEFT} ${up.at(tick)}H${WIDTH - RIGHT}" stroke="#888" stroke-opacity=".25"/>` +
      `<text x="${LEFT - 8}" y="${up.at(tick) + 4}" text-anchor="end">${tick}</text>`,
  );
  const feet = across.ticks.map(
    (tick) => `<text x="${across.at(tick)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${tick}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" fill="#777" ${FONT} role="img" aria-label="${title}">`,
    `<text x="${LEFT}" y="18" font-weight="600">${title}</text>`,
    ...grid,
    ...feet,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${x}</text>`,
    ...series.map((one, index) => lineOf(one, index, across.at, up.at)),
    "</svg>",
    "",
  ].join("\n");
}

function lineOf(
  { name, colour, points }: Series,
  index: number,
  across: (x: number) => number,
  up: (y: number) => number,
): string {
  const path = points
    .filter(([, y]) => y > 0)
    .map(([x, y], at) => `${at === 0 ? "M" : "L"}${across(x).toFixed(1)} ${up(y).toFixed(1)}`);
  const y = TOP + 14 + index * 20;
  return (
    `<path d="${path.join("")}" fill="none" stroke="${colour}" stroke-width="2"/>` +
    `<path d="M${WIDTH - RIGHT + 12} ${y - 4}h16" stroke="${colour}" stroke-width="3"/>` +
    `<text x="${WIDTH - RIGHT + 34}" y="${y}">${name}</text>`
  );
}

/** Whole powers of ten from below the least to above the greatest. */
function scale(values: readonly number[], from: number, to: number) {
  const least = Math.floor(Math.log10(Math.min(...values)));
  const greatest = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: greatest - least + 1 }, (_, step) =>
    Number((10 ** (least + step)).toPrecision(1)),
  );
  const at = (value: number) => from + ((Math.log10(value) - least) / (greatest - least)) * (to - from);
  return { at, ticks };
}
