import { type Context, createContext, Script } from "node:vm";

/** How long one look at a text may take. Usual ones take microseconds. */
const MAX_MS = 100;
/** An expression that took too long so often is not tried again on a text as long as that. */
const MAX_SLOW = 3;
/**
 * Steps that a search may take without a timer. Without nested repetition, an expression with r repetitions tries at
 * most about n to the power of r + 1 ways on a text of n characters.
 */
const FREE_STEPS = 1_000_000;
const REPEATS = /(?<!\\)(?:\\\\)*(?:[*+]|\{\d+,\d*\})/g;
/** A group that repeats: its parts can share a text out in exponentially many ways. */
const REPEATED_GROUP = /(?<!\\)(?:\\\\)*\)(?:[*+?]|\{)/;
const CLASS = /\[(?:\\.|[^\]\\])*\]/g;

/** The expression takes too long on a text: JavaScript's engine tries every way to match, which can be without end. */
export class SlowRegExpError extends Error {
  constructor(source: string) {
    super(`/${source}/ takes too long on this text (more than ${MAX_MS} ms)`);
  }
}

/** The result of a search; undefined if it did not end in time. */
function runBounded(script: Script, context: Context): boolean | undefined {
  try {
    return script.runInContext(context, { timeout: MAX_MS }) as boolean;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw thrown;
    return undefined;
  }
}

let context: (Context & { expression: RegExp; text: string }) | undefined;
let script: Script | undefined;

/**
 * A regular expression whose search ends after 200 ms at the latest, as the ones of configurations and API documents have
 * to: a target's answer must not be able to stop a worker. Usual expressions are run directly; those that repeat at
 * several places, and long texts, under a timer (about 70 µs more).
 */
export class BoundedRegExp {
  readonly source: string;
  readonly #expression: RegExp;
  readonly #repeats: number;
  #slow = 0;
  #slowLength = Number.POSITIVE_INFINITY;

  /** @throws SyntaxError if it is invalid */
  constructor(source: string, flags = "u") {
    this.source = source;
    this.#expression = new RegExp(source, flags);
    const plain = source.replaceAll(CLASS, "x");
    this.#repeats = REPEATED_GROUP.test(plain)
      ? Number.POSITIVE_INFINITY
      : [...plain.matchAll(REPEATS)].length;
  }

  /** @throws SlowRegExpError */
  test(text: string): boolean {
    if (this.#repeats === 0 || text.length ** (this.#repeats + 1) <= FREE_STEPS)
      return this.#expression.test(text);
    if (this.#slow >= MAX_SLOW && text.length >= this.#slowLength) throw new SlowRegExpError(this.source);
    context ??= createContext({ expression: this.#expression, text }) as typeof context & object;
    script ??= new Script("expression.test(text)");
    context.expression = this.#expression;
    context.text = text;
    try {
      // The timer also runs while the process has no CPU: one timeout does not prove that the expression is slow.
      const found = runBounded(script, context) ?? runBounded(script, context);
      if (found !== undefined) return found;
      this.#slow += 1;
      this.#slowLength = Math.min(this.#slowLength, text.length);
      throw new SlowRegExpError(this.source);
    } finally {
      context.text = "";
    }
  }

  /** As a `RegExp` is written, for Ajv's messages. */
  toString(): string {
    return String(this.#expression);
  }
}
