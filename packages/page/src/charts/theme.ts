/** The value of a colour of the style sheet in the current theme. */
export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || "gray";
}

const listeners = new Set<() => void>();

/** Tells every chart that colours have changed. */
export function themeChanged(): void {
  for (const listener of listeners) listener();
}

/**
 * Calls a listener whenever colours change: what is drawn reads them again. Printing waits for no later frame, so a
 * listener must draw before it returns or in a microtask.
 * @returns ends it
 */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
