const format = new Intl.NumberFormat("en");

/** "9,994". */
export const grouped = (value: number): string => format.format(value);

/** "1 order", "9,994 orders", "2 batches". */
export const counted = (value: number, noun: string, plural = `${noun}s`): string =>
  `${grouped(value)} ${value === 1 ? noun : plural}`;
