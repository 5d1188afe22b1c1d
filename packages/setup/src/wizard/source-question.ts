import { accountData } from "../answers/data-answer.ts";
import { IMPORT_KINDS, type Imported, type ImportKind } from "../import/imported.ts";
import type { Interview, Question } from "./question.ts";
import { errorText } from "./target-questions.ts";

const LABELS: Record<ImportKind, string> = {
  openapi: "an OpenAPI document",
  har: "what a browser recorded (HAR)",
  postman: "a Postman collection",
  k6: "a k6 script",
};
const ITSELF = "the system itself";

export const sourceQuestion: Question = {
  label: "Begins with",
  answered: ({ from, target, image }) => from === undefined && (target !== undefined || image !== undefined),
  answer: ({ from }) => (from === undefined ? ITSELF : `${LABELS[from.kind]}: ${from.source}`),
  dependents: ["Under test", "Kind", "API document", "Accounts", "Goals", "Agents", "Duration"],
  async ask(interview) {
    const { prompter, said, environment } = interview;
    let { from } = said;
    delete said.from;
    forget(interview);
    for (;;) {
      from ??= await chooseFile(interview);
      if (from === undefined) return;
      const { kind, source, environment: chosen } = from;
      from = undefined;
      try {
        take(
          interview,
          await prompter.during(`reading ${source}`, environment.importFrom(kind, source, chosen)),
        );
        interview.from = { kind, source };
        return;
      } catch (thrown) {
        prompter.say(errorText(thrown), "warning");
      }
    }
  },
};

async function chooseFile({ prompter }: Interview): Promise<Interview["from"]> {
  const kind = await prompter.choose({
    message: "What do you begin with?",
    choices: [
      { value: "itself", label: ITSELF, hint: "its document is looked for" },
      ...IMPORT_KINDS.map((value) => ({ value, label: LABELS[value] })),
    ],
    initial: "itself",
  });
  if (kind === "itself") return undefined;
  const source = await prompter.text({
    message: "Which one? Its path, or a URL",
    check: (text) => (text.trim() === "" ? "a path or a URL is expected" : undefined),
  });
  return { kind: kind as ImportKind, source: source.trim() };
}

/** Removes everything that was imported from another file. */
function forget(interview: Interview): void {
  if (interview.from === undefined) return;
  const { allow: _, ...target } = interview.target;
  interview.target = target;
  interview.data = undefined;
  interview.found = { goals: false, account: false };
  delete interview.from;
  delete interview.answers.stages;
  delete interview.answers.thresholds;
}

/** Imported values are the first suggestion of every question; the command line's options have precedence. */
function take(interview: Interview, { imported, spec }: { imported: Imported; spec?: string }): void {
  const { prompter, said, answers } = interview;
  const { baseUrl, kind, allow, account, agents, duration, stages, thresholds, goals, left } = imported;
  if (baseUrl !== undefined) interview.target = { ...interview.target, baseUrl };
  if (allow.length > 0) interview.target = { ...interview.target, allow };
  if (kind !== undefined) said.kind ??= kind;
  if (spec !== undefined) said.spec ??= spec;
  if (account !== undefined && said.data === undefined) interview.data = accountData(account);
  if (goals.length > 0 && said.goals.length === 0) answers.goals = goals;
  if (agents !== undefined && said.agents === undefined) answers.agents = agents;
  if (duration !== undefined && said.duration === undefined) answers.duration = duration;
  if (stages !== undefined && said.agents === undefined && said.duration === undefined)
    answers.stages = stages;
  if (thresholds !== undefined) answers.thresholds = thresholds;
  interview.found = { goals: goals.length > 0, account: account !== undefined };
  for (const line of left) prompter.say(`left out: ${line}`, "warning");
}
