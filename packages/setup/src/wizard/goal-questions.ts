import { type CheckDraft, operationOfDraft } from "@ape/catalog/checks/check-draft";
import { goalsFrom, goalsOfTarget, parseCheck } from "../answers/goal-answer.ts";
import { asksToSignIn, checksFor, type GoalDraft, goalName, lackingProof } from "../answers/suggest.ts";
import { allowedByChecks } from "../generate/config-file.ts";
import type { Interview, Question } from "./question.ts";
import { complaint, lookOnce } from "./target-questions.ts";

const OWN = "own words";

export const goalsQuestion: Question = {
  label: "Goals",
  dependents: ["May do"],
  answered: ({ goals, checks }, { found }) => found.goals && goals.length === 0 && checks.length === 0,
  answer: ({ answers }) => answers.goals.map(({ name, prompt }) => `${name}: ${prompt}`).join("\n"),
  async ask(interview) {
    const { prompter, said, answers } = interview;
    await lookOnce(interview);
    const { api } = interview.look;
    if (said.goals.length > 0 || said.checks.length > 0) {
      answers.goals = goalsFrom(said.goals, said.checks.map(parseCheck), api, interview.target);
      interview.said = { ...said, goals: [], checks: [] };
      return;
    }
    const suggested = goalsOfTarget(api, interview.target);
    const chosen = await prompter.chooseSome({
      message: "What do agents want?",
      choices: [
        ...suggested.map(({ name, prompt }) => ({ value: name, label: prompt })),
        { value: OWN, label: "something else, in your own words" },
      ],
      initial: suggested.length === 0 ? [OWN] : suggested.slice(0, 1).map(({ name }) => name),
    });
    const goals: GoalDraft[] = suggested.filter(({ name }) => chosen.includes(name));
    for (const goal of goals) sayLacking(interview, goal);
    for (let more = chosen.includes(OWN); more; ) {
      const prompt = await prompter.text({
        message: "The goal, as you would say it to a person",
        placeholder: "Log in, find a product under $50, buy it, log out.",
        check: (text) => (text.trim() === "" ? "say what an agent wants" : undefined),
      });
      const goal = { name: goalName(prompt, goals), prompt, success: await askCheck(interview, prompt) };
      sayLacking(interview, goal);
      goals.push(goal);
      more = await prompter.confirm({ message: "Another goal?", initial: false });
    }
    answers.goals = goals;
  },
};

/** Names the parts of a goal that its checks leave unproven. */
function sayLacking({ prompter, look }: Interview, goal: GoalDraft): void {
  const lacking = lackingProof(goal, look.api);
  if (lacking !== undefined) prompter.say(`${lacking}.`, "warning");
}

/** The checks of a goal in words: suggested ones are preselected, others can be chosen or typed. */
async function askCheck(interview: Interview, prompt: string): Promise<CheckDraft[]> {
  const { prompter, look } = interview;
  const { api } = look;
  const suggested = api === undefined ? [] : checksFor(prompt, api);
  const named = new Map<string, CheckDraft>();
  for (const check of suggested) named.set(labelOf(check), check);
  for (const { method, path } of api?.operations ?? []) {
    const operation = `${method} ${path}`;
    if (!named.has(operation)) named.set(operation, { action: { operation } });
  }
  if (named.size === 0) return [await typeProof(prompter)];
  const chosen = await prompter.chooseSome({
    message: "What proves that it was reached?",
    choices: [
      ...[...named.keys()].slice(0, MOST_CHECKS).map((value) => ({ value, label: value })),
      { value: OWN, label: "another operation" },
    ],
    initial: suggested.map(labelOf),
  });
  const checks = chosen.flatMap((name) => named.get(name) ?? []);
  if (chosen.includes(OWN)) checks.push(await typeProof(prompter));
  return checks;
}

const MOST_CHECKS = 40;

/** A check in one line: an operation and the text that its answer shows, or what is read to prove it. */
function labelOf(check: CheckDraft): string {
  const operation = operationOfDraft(check);
  if (!("action" in check)) return `read back: ${operation}`;
  const { text } = check.action;
  return text === undefined ? operation : `${operation}, whose answer shows "${text.contains}"`;
}

const typeProof = async (prompter: Interview["prompter"]): Promise<CheckDraft> =>
  parseCheck(
    await prompter.text({
      message: "An operation that proves it, and its status",
      placeholder: "POST /orders 201",
      check: (text) => complaint(() => parseCheck(text)),
    }),
  );

/** Without an API document agents may only read, and do what is named. */
export const allowQuestion: Question = {
  label: "May do",
  applies: ({ target, look, from }) =>
    from === undefined &&
    target.kind === "rest" &&
    target.spec === undefined &&
    look.api?.documented !== true,
  answered: () => false,
  answer: ({ target }) => (target.allow ?? ["GET /**"]).join(", "),
  async ask(interview) {
    const { prompter, answers } = interview;
    const { allow: _, ...target } = interview.target;
    const checked = allowedByChecks(target, answers.goals)?.filter((one) => !one.startsWith("GET ")) ?? [];
    const logsIn = answers.goals.some(({ prompt }) => asksToSignIn(prompt));
    const suggested = [...(logsIn ? ["POST /login"] : []), ...checked];
    if (suggested.length === 0) {
      interview.target = target;
      return;
    }
    const typed = await prompter.text({
      message: "Which calls may agents make, besides reading?",
      initial: suggested.join(", "),
      check: (text) => complaint(() => operationsIn(text).map(parseCheck)),
    });
    interview.target = { ...target, allow: ["GET /**", ...operationsIn(typed)] };
  },
};

const operationsIn = (text: string): string[] =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
