import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { themeChanged } from "../charts/theme.ts";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const KEY = "ape-theme";

/** Applies the theme that was chosen before; files may have no storage. */
export function applyStoredTheme(): void {
  apply(stored());
}

/** Chooses between the system's theme, light and dark. */
export function ThemeSwitch(): VNode {
  const [theme, setTheme] = useState(stored);
  const choose = (next: Theme): void => {
    setTheme(next);
    apply(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Kept for this page only.
    }
    themeChanged();
  };
  return (
    <label class="theme">
      <span class="sr">Theme</span>
      <select value={theme} onChange={(event) => choose(event.currentTarget.value as Theme)}>
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return THEMES.find((one) => one === value) ?? "system";
  } catch {
    return "system";
  }
}

function apply(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
