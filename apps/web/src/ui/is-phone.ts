/** Under 640 px: rows are cards, the panel is a sheet. The styles have the same number. */
export const PHONE = "(width < 640px)";

export const isPhone = (): boolean => window.matchMedia(PHONE).matches;
