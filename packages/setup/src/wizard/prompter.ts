import { ApeError } from "@ape/core/lib/errors";

/** One option of a question. */
export interface Choice<T extends string> {
  value: T;
  label: string;
  hint?: string;
}

/** Asks questions of a user. Every one of them can be cancelled, which throws {@link Cancelled}. */
export interface Prompter {
  /** `check` reports at once what is wrong with the typed text. */
  text(question: {
    message: string;
    initial?: string;
    placeholder?: string;
    check?: (typed: string) => string | undefined;
  }): Promise<string>;
  choose<T extends string>(question: {
    message: string;
    choices: readonly Choice<T>[];
    initial?: T;
  }): Promise<T>;
  /** At least one option. */
  chooseSome<T extends string>(question: {
    message: string;
    choices: readonly Choice<T>[];
    initial?: readonly T[];
  }): Promise<T[]>;
  confirm(question: { message: string; initial?: boolean }): Promise<boolean>;
  say(text: string, how?: "plain" | "warning" | "good"): void;
  /** Text in a frame of its own. */
  show(title: string, text: string): void;
  /** Shows progress until a promise settles. */
  during<T>(what: string, work: Promise<T>): Promise<T>;
}

/** The user cancelled a question: nothing was written. */
export class Cancelled extends ApeError {
  constructor() {
    super("USAGE", "cancelled: nothing was written");
  }
}
