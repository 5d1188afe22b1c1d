import { useEffect, useState } from "preact/hooks";

/** The value of a colour of the style sheet in the current theme. */
export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim() || "gray";
}

const listeners = new Set<() => void>();

/** Tells every chart that colours have changed. */
export function themeChanged(): void {
  for (const listener of listeners) listener();
}

/** A number that changes with the theme: charts are drawn again with it. */
export function useTheme(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = (): void => setVersion((old) => old + 1);
    listeners.add(changed);
    return () => void listeners.delete(changed);
  }, []);
  return version;
}
