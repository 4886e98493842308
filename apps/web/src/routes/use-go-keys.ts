import { useNavigate } from "@tanstack/react-router";
import { useKeySequence } from "../ui/use-shortcuts.ts";
import { PAGES } from "./pages.ts";

export const GO_SHORTCUTS = PAGES.map(({ name, key }) => ({
  keys: ["G", key.toUpperCase()],
  deed: `Go to ${name}`,
}));

/** `g o`, `g a`: to a page by two letters. */
export function useGoKeys(enabled: boolean): void {
  const navigate = useNavigate();
  const deeds: Record<string, () => void> = {};
  for (const { path, key } of PAGES) {
    deeds[key] = () => {
      void navigate({ to: path });
    };
  }
  useKeySequence("g", deeds, enabled);
}
