import type { Answers } from "../answers/answers.ts";
import type { SetupEnvironment } from "../answers/environment.ts";
import type { CliAnswers } from "../answers/resolve-answers.ts";
import { allowQuestion, goalsQuestion } from "./goal-questions.ts";
import {
  agentsQuestion,
  ciQuestion,
  dataQuestion,
  durationQuestion,
  modelQuestion,
  observabilityQuestion,
  takeModel,
} from "./load-questions.ts";
import type { Prompter } from "./prompter.ts";
import { answersOf, begin, type Interview, type Question } from "./question.ts";
import { sourceQuestion } from "./source-question.ts";
import { addressQuestion, authQuestion, kindQuestion, lookOnce, specQuestion } from "./target-questions.ts";

const QUESTIONS: readonly Question[] = [
  sourceQuestion,
  addressQuestion,
  kindQuestion,
  specQuestion,
  authQuestion,
  dataQuestion,
  goalsQuestion,
  allowQuestion,
  agentsQuestion,
  durationQuestion,
  modelQuestion,
  observabilityQuestion,
  ciQuestion,
];
const WRITE = "write";

/**
 * Asks every question that the command line has not answered, then shows all answers until they are confirmed. Writes
 * nothing.
 * @throws Cancelled
 */
export async function interview(
  said: CliAnswers,
  environment: SetupEnvironment,
  prompter: Prompter,
): Promise<Answers> {
  const talk = begin(said, environment, prompter);
  if (said.provider !== undefined) takeModel(talk, said);
  for (const question of QUESTIONS)
    if (applies(question, talk) && !question.answered(talk.said, talk)) await question.ask(talk);
  await lookOnce(talk);
  while ((await review(talk)) !== WRITE);
  return answersOf(talk);
}

const applies = (question: Question, talk: Interview): boolean => question.applies?.(talk) !== false;

/** Shows all answers; asks a chosen one again, with those that depend on it. */
async function review(talk: Interview): Promise<string> {
  const shown = QUESTIONS.filter((question) => applies(question, talk));
  const width = Math.max(...shown.map(({ label }) => label.length));
  talk.prompter.show(
    "Your answers",
    shown
      .map((question) => {
        const lines = question.answer(talk).split("\n");
        return lines
          .map((line, index) => `${(index === 0 ? question.label : "").padEnd(width)}  ${line}`)
          .join("\n");
      })
      .join("\n"),
  );
  const choice = await talk.prompter.choose({
    message: "Is this right?",
    choices: [
      { value: WRITE, label: "yes, show me the files" },
      ...shown.map(({ label }) => ({ value: label, label: `change: ${label}` })),
    ],
    initial: WRITE,
  });
  const again = new Set([choice]);
  for (const question of QUESTIONS) {
    if (!again.has(question.label) || !applies(question, talk)) continue;
    if (choice === sourceQuestion.label && choice !== question.label && question.answered(talk.said, talk))
      continue;
    await question.ask(talk);
    for (const label of question.dependents ?? []) again.add(label);
  }
  return choice;
}
