import { useEffect, useState } from "preact/hooks";

/** Something that is being loaded, was loaded, or could not be. */
export type Loaded<T> =
  | { state: "loading" }
  | { state: "done"; value: T }
  | { state: "failed"; message: string };

/** Loads something again whenever a key changes; undefined as the key loads nothing. */
export function useLoaded<T>(key: string | undefined, load: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  useEffect(() => {
    if (key === undefined) return undefined;
    let isCurrent = true;
    setLoaded({ state: "loading" });
    load().then(
      (value) => {
        if (isCurrent) setLoaded({ state: "done", value });
      },
      (error: Error) => {
        if (isCurrent) setLoaded({ state: "failed", message: error.message });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [key]);
  return loaded;
}
