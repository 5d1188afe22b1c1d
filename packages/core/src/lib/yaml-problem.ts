import { messageOf } from "./errors.ts";

/** The YAML reader's message for several documents in one file. */
const SEVERAL = /multiple documents|parseAllDocuments/i;
const TOO_DEEP = /maximum call stack/i;

/** Why a text is no YAML or JSON, in one line and in words for its author. */
export function yamlProblem(thrown: unknown): string {
  const message = typeof thrown === "string" ? thrown : messageOf(thrown);
  if (TOO_DEEP.test(message)) return "it is nested too deep to be read";
  if (SEVERAL.test(message))
    return "it holds several documents: keep one, and remove the lines of `---` between them";
  return message.split("\n")[0]?.replace(/:$/, "") ?? "";
}
