import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { themeChanged } from "../charts/theme.ts";

const THEMES = ["system", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const KEY = "ape-theme";
const SYSTEM_IS_DARK = matchMedia("(prefers-color-scheme: dark)");
/** Paper is light. */
const PAPER = matchMedia("print");

/**
 * Applies the theme that was chosen before, or the system's, which is followed when it changes. Files may have no
 * storage.
 */
export function applyStoredTheme(): void {
  apply(stored());
  for (const query of [SYSTEM_IS_DARK, PAPER])
    query.addEventListener("change", () => {
      apply(stored());
      themeChanged();
    });
}

/** Chooses between the system's theme, light and dark. */
export function ThemeSwitch(): VNode {
  const [theme, setTheme] = useState(stored);
  const choose = (next: Theme): void => {
    setTheme(next);
    chosen = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // Kept for this page only.
    }
    apply(next);
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

/** The theme that was chosen on this page. */
let chosen: Theme | undefined;

function stored(): Theme {
  if (chosen !== undefined) return chosen;
  try {
    const value = localStorage.getItem(KEY);
    return THEMES.find((one) => one === value) ?? "system";
  } catch {
    return "system";
  }
}

function apply(theme: Theme): void {
  const dark = !PAPER.matches && (theme === "dark" || (theme === "system" && SYSTEM_IS_DARK.matches));
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}
