import { Cancelled, type Prompter } from "../src/wizard/prompter.ts";

/** What a scripted person answers to the question whose text has the words; `cancel` goes away. */
export type Script = readonly (readonly [question: string, answer: string | string[] | boolean | "cancel"])[];

/**
 * For tests: a person who answers by a script, each line once and in any order, and takes what is offered to every other
 * question. `said` is all that was shown.
 */
export function scriptedPrompter(script: Script): { prompter: Prompter; said: string[]; unused(): string[] } {
  const left = [...script];
  const said: string[] = [];
  const take = (message: string): unknown => {
    said.push(message);
    const index = left.findIndex(([question]) => message.includes(question));
    const [entry] = index < 0 ? [] : left.splice(index, 1);
    if (entry?.[1] === "cancel") throw new Cancelled();
    return entry?.[1];
  };
  const prompter: Prompter = {
    async text({ message, initial = "", check }) {
      for (;;) {
        const answer = (take(message) as string | undefined) ?? initial;
        const wrong = check?.(answer);
        if (wrong === undefined) return answer;
        said.push(`refused: ${wrong}`);
        if (!left.some(([question]) => message.includes(question))) throw new Error(`${message}: ${wrong}`);
      }
    },
    async choose({ message, choices, initial }) {
      const answer = take(message) ?? initial ?? choices[0]?.value;
      const choice = choices.find(({ value, label }) => value === answer || label === answer);
      if (choice === undefined) throw new Error(`${message}: there is no ${String(answer)}`);
      return choice.value;
    },
    async chooseSome({ message, choices, initial = [] }) {
      const answers = (take(message) as string[] | undefined) ?? initial;
      return choices
        .filter(({ value, label }) => answers.some((answer) => answer === value || answer === label))
        .map(({ value }) => value);
    },
    confirm: async ({ message, initial = true }) => (take(message) as boolean | undefined) ?? initial,
    say: (text) => void said.push(text),
    show: (title, text) => void said.push(`${title}\n${text}`),
    during: (_, work) => work,
  };
  return { prompter, said, unused: () => left.map(([question]) => question) };
}
