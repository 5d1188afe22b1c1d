import { Cancelled, type Prompter } from "../src/wizard/prompter.ts";

/** A question as a person sees it. */
export interface AskedQuestion {
  message: string;
  choices?: string[];
  initial?: unknown;
  placeholder?: string;
}

/**
 * For tests: a person whose answers are given in order, `undefined` for what is offered; `asked` is every question as it was shown,
 * `said` everything else, `refused` what the check of a typed text said of each text in `typed`.
 */
export function recordedQuestions(answers: readonly unknown[], typed: readonly string[] = []) {
  const left = [...answers];
  const asked: AskedQuestion[] = [];
  const said: string[] = [];
  const refused: (string | undefined)[] = [];
  const take = <T>(initial: T): T => {
    if (left.length === 0) return initial;
    const answer = left.shift();
    if (answer === "cancel") throw new Cancelled();
    return (answer ?? initial) as T;
  };
  const inWords = (choice: { label: string; hint?: string | undefined }): string =>
    choice.hint === undefined ? choice.label : `${choice.label} (${choice.hint})`;
  const prompter: Prompter = {
    text: async ({ message, initial, placeholder, check }) => {
      asked.push({
        message,
        ...(initial === undefined ? {} : { initial }),
        ...(placeholder === undefined ? {} : { placeholder }),
      });
      if (check !== undefined) refused.push(...typed.map((text) => check(text)));
      return take(initial ?? "");
    },
    choose: async ({ message, choices, initial }) => {
      asked.push({ message, choices: choices.map(inWords), initial });
      return take(initial as never);
    },
    chooseSome: async ({ message, choices, initial }) => {
      asked.push({ message, choices: choices.map(inWords), initial });
      return take((initial ?? []) as never);
    },
    confirm: async ({ message, initial }) => {
      asked.push({ message, initial });
      return take(initial ?? true);
    },
    say: (text, how) => void said.push(how === undefined ? text : `${how}: ${text}`),
    show: (title, text) => void said.push(`${title}\n${text}`),
    during: (what, work) => {
      said.push(`... ${what}`);
      return work;
    },
  };
  return { prompter, asked, said, refused };
}
