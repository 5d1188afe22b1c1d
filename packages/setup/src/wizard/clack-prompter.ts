import type { Readable, Writable } from "node:stream";
import * as clack from "@clack/prompts";
import { Cancelled, type Prompter } from "./prompter.ts";

/** Questions on a terminal. */
export function clackPrompter(terminal: { input: Readable; output: Writable }): Prompter {
  const answered = async <T>(asking: Promise<T | typeof clack.CANCEL_SYMBOL>): Promise<T> => {
    const answer = await asking;
    if (clack.isCancel(answer)) throw new Cancelled();
    return answer;
  };
  return {
    text: async ({ message, initial, placeholder, check }) => {
      const typed = await answered(
        clack.text({
          ...terminal,
          message,
          // Shown and taken for an empty line, but not typed for the user: what is typed replaces it.
          ...(initial === undefined ? {} : { defaultValue: initial }),
          ...((initial ?? placeholder) === undefined ? {} : { placeholder: initial ?? placeholder ?? "" }),
          validate: (value) => check?.(value || (initial ?? "")),
        }),
      );
      // The prompt returns undefined for an empty line.
      return ((typed as string | undefined) ?? "").trim();
    },
    choose: ({ message, choices, initial }) =>
      answered(
        clack.select<string>({
          ...terminal,
          message,
          options: choices.map((choice) => ({ ...choice })),
          ...(initial === undefined ? {} : { initialValue: initial }),
        }),
      ) as Promise<never>,
    chooseSome: ({ message, choices, initial }) =>
      answered(
        clack.multiselect<string>({
          ...terminal,
          message,
          options: choices.map((choice) => ({ ...choice })),
          required: true,
          ...(initial === undefined ? {} : { initialValues: [...initial] }),
        }),
      ) as Promise<never>,
    confirm: ({ message, initial = true }) =>
      answered(clack.confirm({ ...terminal, message, initialValue: initial })),
    say: (text, how = "plain") => {
      const line = how === "warning" ? clack.log.warn : how === "good" ? clack.log.success : clack.log.info;
      line(text, { output: terminal.output });
    },
    show: (title, text) =>
      clack.note(text, title, { output: terminal.output, format: (line: string) => line }),
    during: async (what, work) => {
      const spinner = clack.spinner({ output: terminal.output });
      spinner.start(what);
      try {
        return await work;
      } finally {
        spinner.stop(what);
      }
    },
  };
}
