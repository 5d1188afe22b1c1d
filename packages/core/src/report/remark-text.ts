/**
 * Where the last words of a session name what it did not do: words of the goal that it did not understand or guessed, parts
 * that nothing here serves, and what the target did not offer or refused.
 */
const REMARK =
  /(?:\bnot understood|\bguessed): |^(?:Nothing here |Cannot go on: |The other parts of the goal are done; |".*" (?:is not (?:offered|available)|was refused): |"[^"]*" takes at (?:most|least) )/;

/** Characters of a remark. */
const MAX_REMARK_CHARS = 300;

/**
 * What a session says at its end of the goal's words that it did not follow, `not understood: "30"`; undefined if it says
 * nothing of that.
 * @param reason its last words
 */
export function remarkIn(reason: string): string | undefined {
  const at = reason.search(REMARK);
  if (at < 0) return undefined;
  const text = reason.slice(at).trim().replace(/\.$/, "");
  return text.length <= MAX_REMARK_CHARS
    ? text
    : `${text.slice(0, MAX_REMARK_CHARS - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}

/** The last words of successful sessions about what they did not follow. */
export interface Remark {
  goal: string;
  /** In the words of the first of them. */
  text: string;
  /** Successful sessions that ended with similar words. */
  count: number;
  trace: string;
  session: string;
}

/** `12 successful sessions ended with: not understood: "30"`. */
export function remarkText({ text, count }: Pick<Remark, "text" | "count">): string {
  const sessions =
    count === 1 ? "1 successful session" : `${count.toLocaleString("en-US")} successful sessions`;
  return `${sessions} ended with: ${text}`;
}
