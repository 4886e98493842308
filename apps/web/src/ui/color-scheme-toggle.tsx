import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { Moon, Sun } from "lucide-react";
import { IconButton } from "./icon-button.tsx";

export function ColorSchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme("light", { getInitialValueInEffect: false }) === "dark";
  const Icon = isDark ? Sun : Moon;
  return (
    <IconButton
      label={isDark ? "Light mode" : "Dark mode"}
      onClick={() => {
        setColorScheme(isDark ? "light" : "dark");
      }}
    >
      <Icon size={16} aria-hidden />
    </IconButton>
  );
}
