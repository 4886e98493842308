const format = new Intl.NumberFormat("en");

/** "9,994". */
export const grouped = (value: number): string => format.format(value);

/** "1 order", "9,994 orders". */
export const counted = (value: number, noun: string): string =>
  `${grouped(value)} ${noun}${value === 1 ? "" : "s"}`;
