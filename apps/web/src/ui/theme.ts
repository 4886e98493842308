import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

const iris: MantineColorsTuple = [
  "#eeeefc",
  "#dcdcf8",
  "#b9b9f2",
  "#9696ea",
  "#7878e2",
  "#6262da",
  "#4f4fd0",
  "#4141bb",
  "#3636a0",
  "#2b2b84",
];

/** Mantine in the clothes of `tokens.css`. */
export const theme = createTheme({
  fontFamily: "var(--font)",
  fontSizes: { xs: "11.5px", sm: "13px", md: "13.5px", lg: "15px", xl: "18px" },
  primaryColor: "iris",
  colors: { iris },
  defaultRadius: "6px",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
});

const shared = {
  "--mantine-color-body": "var(--bg)",
  "--mantine-color-text": "var(--text)",
  "--mantine-color-dimmed": "var(--text-muted)",
  "--mantine-color-placeholder": "var(--text-faint)",
  "--mantine-color-default": "var(--bg-raised)",
  "--mantine-color-default-hover": "var(--bg-hover)",
  "--mantine-color-default-color": "var(--text)",
  "--mantine-color-default-border": "var(--hairline-strong)",
  "--mantine-color-error": "var(--danger)",
  "--mantine-color-iris-filled": "var(--accent)",
  "--mantine-color-iris-filled-hover": "var(--accent-hover)",
  "--mantine-primary-color-filled": "var(--accent)",
  "--mantine-primary-color-filled-hover": "var(--accent-hover)",
  "--mantine-primary-color-contrast": "var(--on-accent)",
};

export const resolveVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared });
