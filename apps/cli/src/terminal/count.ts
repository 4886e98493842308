const grouped = new Intl.NumberFormat("en-US");

/** A number for a person: 9,994. */
export const count = (value: number): string => grouped.format(value);
