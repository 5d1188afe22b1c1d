import type { Answers, DataAnswer, TargetAnswer } from "../answers/answers.ts";
import { DEFAULTS } from "../answers/answers.ts";
import type { SetupEnvironment, TargetInspection } from "../answers/environment.ts";
import type { CliAnswers } from "../answers/resolve-answers.ts";
import type { Prompter } from "./prompter.ts";

/** Shared state of the questions: the answers so far, and the target's description. */
export interface Interview {
  said: CliAnswers;
  environment: SetupEnvironment;
  prompter: Prompter;
  target: TargetAnswer;
  look: TargetInspection;
  /** Result of inspecting the target. */
  looked: string | undefined;
  /** Which credentials the target asks for; empty if it asks without saying which; undefined if it asks for none. */
  challenge?: string;
  data: DataAnswer | undefined;
  /** The first row of the data file. */
  account?: Readonly<Record<string, string>>;
  /** The imported file of another tool. */
  from?: NonNullable<CliAnswers["from"]> | undefined;
  /** The answers from that file. */
  found: { goals: boolean; account: boolean };
  answers: Omit<Answers, "target" | "data">;
}

/** One question of the wizard. */
export interface Question {
  /** Its label on the page with all answers. */
  label: string;
  /** Whether it applies, given the earlier answers. */
  applies?(interview: Interview): boolean;
  /** Whether the command line, or the imported file, has answered it already. */
  answered(said: CliAnswers, interview: Interview): boolean;
  ask(interview: Interview): Promise<void>;
  /** The answer in one line. */
  answer(interview: Interview): string;
  /** Labels of the questions that must be asked again once this one has another answer. */
  dependents?: readonly string[];
}

/** An interview before its first question: with all defaults. */
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
      goals: [],
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
