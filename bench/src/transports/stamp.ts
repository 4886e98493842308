/** The moment before a write, carried in the order's name: ms since 1970 with fractions, by the machine's one clock. */
export const now = (): number => performance.timeOrigin + performance.now();

export const stampedName = (at: number): string => `sent ${at.toFixed(3)}`;

const AFTER = /"after":\{[^}]*?"product_name":"sent ([\d.]+)"/g;
const ROW = /"product_name":"sent ([\d.]+)"/g;

/** The stamps of the changes in a message's text, by their images after; without parsing all of it. */
export const stampsOfChanges = (text: string): number[] => stamps(text, AFTER);

/** The stamps of the rows in a page's text. */
export const stampsOfRows = (text: string): number[] => stamps(text, ROW);

const stamps = (text: string, pattern: RegExp): number[] =>
  Array.from(text.matchAll(pattern), ([, stamp]) => Number(stamp));
