/** Returns the end of the object or list that begins at an index; undefined if it does not end. */
export function objectEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === "\\") at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** A text without the fence around it. */
export function unfenced(text: string): string {
  return /^\s*```[\w-]*\s*\n?([\s\S]*?)\s*(?:```[\s\S]*)?$/.exec(text)?.[1] ?? text;
}
