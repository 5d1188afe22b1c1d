/**
 * A text of at most `chars` characters: of a longer one the beginning and the end, since the end of a message often has
 * its cause. Never splits a surrogate pair.
 */
export function shortened(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const half = Math.floor((chars - 3) / 2);
  const head = text.slice(0, half).replace(/[\ud800-\udbff]$/, "");
  const tail = text.slice(text.length - half).replace(/^[\udc00-\udfff]/, "");
  return `${head} … ${tail}`;
}
