/** `because of engine trouble`, `due to fog`, `because the engine broke`. */
const CAUSE =
  /(?:,\s*|\s+)(?:because\s+of|because(?!\s+of\b)|due\s+to|on\s+account\s+of|owing\s+to)\s+(\S.*)$/iu;

/** Behind these stands a cause that is quoted: `because of "fever"`. */
export const BEFORE_CAUSE = /\b(?:because(?:\s+of)?|due\s+to|on\s+account\s+of|owing\s+to)\W*$/i;

/** Why something is to be done, as a text says it behind `because`; it is neither a name nor a number of anything. */
export const causeIn = (text: string): string | undefined => CAUSE.exec(text)?.[1]?.replace(/[\s.,;!]+$/, "");

/** A text without the cause that it gives. */
export const withoutCause = (text: string): string => text.replace(CAUSE, "");
