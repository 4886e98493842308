import { localStorageColorSchemeManager } from "@mantine/core";

/** The same key as in `public/color-scheme.js`, which reads it before the first paint. */
export const colorSchemeStorage = localStorageColorSchemeManager({ key: "live-orders-color-scheme" });
