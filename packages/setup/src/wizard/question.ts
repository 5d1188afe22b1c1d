import type { Answers, DataAnswer, TargetAnswer } from "../answers/answers.ts";
import { DEFAULTS } from "../answers/answers.ts";
import type { SetupEnvironment, TargetInspection } from "../answers/environment.ts";
import { goalsFrom } from "../answers/goal-answer.ts";
import type { CliAnswers } from "../answers/resolve-answers.ts";
import type { Prompter } from "./prompter.ts";

/** What the questions share: the answers so far, and what is known of the target. */
export interface Interview {
  said: CliAnswers;
  environment: SetupEnvironment;
  prompter: Prompter;
  target: TargetAnswer;
  look: TargetInspection;
  /** What was looked at. */
  looked: string | undefined;
  data: DataAnswer | undefined;
  /** The file of another tool that the test begins with. */
  from?: NonNullable<CliAnswers["from"]> | undefined;
  /** What that file has answered. */
  found: { goals: boolean; account: boolean };
  answers: Omit<Answers, "target" | "data">;
}

/** One question of the wizard. */
export interface Question {
  /** Its name on the page that shows all answers. */
  label: string;
  /** Whether it matters, by what was answered before. */
  applies?(interview: Interview): boolean;
  /** Whether the command line, or the file that the test begins with, has answered it already. */
  answered(said: CliAnswers, interview: Interview): boolean;
  ask(interview: Interview): Promise<void>;
  /** The answer in one line. */
  answer(interview: Interview): string;
  /** Labels of the questions that must be asked again once this one has another answer. */
  dependents?: readonly string[];
}

/** An interview before its first question: everything has its default. */
export function begin(said: CliAnswers, environment: SetupEnvironment, prompter: Prompter): Interview {
  return {
    said: { ...said },
    environment,
    prompter,
    target: {
      name: "app",
      kind: said.kind ?? "rest",
      baseUrl: DEFAULTS.target,
      auth: said.auth ?? "none",
      authorized: said.authorized ?? false,
    },
    look: { reachable: "not looked at yet" },
    looked: undefined,
    data: undefined,
    found: { goals: false, account: false },
    answers: {
      goals: goalsFrom([], [], undefined),
      agents: said.agents ?? DEFAULTS.agents,
      duration: said.duration ?? DEFAULTS.duration,
      provider: "simulated",
      runtime: said.runtime ?? "embedded",
      observability: said.observability ?? "metrics",
      ci: said.ci ?? "none",
    },
  };
}

/** The answers of an interview. */
export function answersOf({ target, data, answers }: Interview): Answers {
  return { ...answers, target, ...(data === undefined ? {} : { data }) };
}
