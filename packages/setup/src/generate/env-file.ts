import { referencesIn, wordText } from "@ape/core/config/environment";
import type { FileGenerator } from "./generator.ts";
import { fillTemplate } from "./template.ts";

/** A variable that a configuration reads. */
export interface Variable {
  name: string;
  /** Its default value. */
  fallback?: string;
}

/** Every `${NAME}` of a configuration as written, in order, each once. */
export function variablesOf(written: unknown): Variable[] {
  const found = new Map<string, Variable>();
  const walk = (value: unknown): void => {
    if (typeof value === "string")
      for (const { variable: name, operator, word } of referencesIn(value)) {
        if (found.has(name)) continue;
        found.set(
          name,
          operator.endsWith("-")
            ? { name, fallback: wordText(word) }
            : operator.endsWith("+")
              ? { name, fallback: "" }
              : { name },
        );
      }
    else if (typeof value === "object" && value !== null)
      for (const inner of Object.values(value)) walk(inner);
  };
  walk(written);
  return [...found.values()];
}

/** The names of a configuration's variables: an example to commit, and the file of secrets that git ignores. */
export const envGenerator: FileGenerator = {
  name: "env",
  summary: "ape.env.example, and ape.env where there is none",
  files: ({ written, templates }) => {
    const variables = variablesOf(written);
    const text = (own: boolean): string => fillTemplate(templates, "files/ape.env.eta", { variables, own });
    return [
      { path: "ape.env.example", text: text(false) },
      { path: "ape.env", text: text(true), mode: 0o600, once: true },
    ];
  },
};
