import { OBSERVABILITY, type Observability } from "@ape/core/config/compose";
import { parseDuration } from "@ape/core/lib/duration";
import { CIS, type Ci, DEFAULTS } from "../answers/answers.ts";
import { dataFrom, sampleData, scopeOf } from "../answers/data-answer.ts";
import { type CliAnswers, resolveModel } from "../answers/resolve-answers.ts";
import { portsOf, takenText } from "../compose/published-ports.ts";
import type { Interview, Question } from "./question.ts";
import { errorText } from "./target-questions.ts";

export const dataQuestion: Question = {
  label: "Accounts",
  answered: ({ data }, { found }) => data === "none" || (data === undefined && found.account),
  answer: ({ data }) =>
    data === undefined
      ? "none"
      : `${data.file}${data.sample === undefined ? "" : " (made up, for you to replace)"}`,
  async ask(interview) {
    const { prompter, environment, said } = interview;
    let typed = said.data;
    delete said.data;
    for (;;) {
      if (typed === undefined) {
        const choice = await prompter.choose({
          message: "Which accounts do agents use?",
          choices: [
            { value: "file", label: "those of a file", hint: "CSV with a header line, or JSON" },
            { value: "sample", label: `make ${DEFAULTS.dataFile} with made-up ones`, hint: "to be replaced" },
            { value: "none", label: "none" },
          ],
          initial: interview.target.kind === "mcp" ? "none" : "sample",
        });
        interview.data =
          choice === "sample" ? sampleData(interview.look.api, interview.answers.agents) : undefined;
        if (choice !== "file") return;
        typed = await prompter.text({ message: "The file", placeholder: DEFAULTS.dataFile });
      }
      try {
        const { file, secret, columns, rows, first } = await dataFrom(typed, environment);
        interview.data = { file, secret, ...scopeOf(interview.look.api) };
        interview.account = first;
        prompter.say(
          `${rows} rows of ${columns.join(", ")}; hidden from models: ${secret.join(", ") || "none"}`,
          "good",
        );
        return;
      } catch (thrown) {
        prompter.say(errorText(thrown), "warning");
        typed = undefined;
      }
    }
  },
};

export const agentsQuestion: Question = {
  label: "Agents",
  applies: ({ answers }) => answers.stages === undefined,
  answered: ({ agents }) => agents !== undefined,
  answer: ({ answers }) => String(answers.agents),
  async ask({ prompter, answers, data }) {
    const typed = await prompter.text({
      message: "How many agents at once?",
      initial: String(answers.agents),
      check: (text) =>
        /^\d{1,6}$/.test(text.trim()) && Number(text) > 0
          ? undefined
          : "a whole number of at least 1 is expected",
    });
    answers.agents = Number(typed);
    if (data?.sample !== undefined && data.sample.rows.length < answers.agents)
      prompter.say(
        `${data.file} has only ${data.sample.rows.length} rows; no row is used twice at once.`,
        "warning",
      );
  },
};

export const durationQuestion: Question = {
  label: "Duration",
  applies: ({ answers }) => answers.stages === undefined,
  answered: ({ duration }) => duration !== undefined,
  answer: ({ answers }) => answers.duration,
  async ask({ prompter, answers }) {
    answers.duration = await prompter.text({
      message: "For how long?",
      initial: answers.duration,
      check: (text) =>
        (parseDuration(text.trim()) ?? 0) > 0 ? undefined : "a duration such as 30s, 2m or 1h is expected",
    });
  },
};

export const modelQuestion: Question = {
  label: "Model",
  answered: ({ provider }) => provider !== undefined,
  answer: ({ answers }) =>
    [answers.provider, answers.model, answers.keyVariable].filter((part) => part !== undefined).join(", "),
  async ask(interview) {
    const { prompter, answers } = interview;
    const { providers, environment } = interview.environment;
    const names = Object.keys(providers) as (keyof typeof providers)[];
    const isSet = (variable: string | undefined): boolean =>
      variable !== undefined && (environment[variable] ?? "") !== "";
    const provider = await prompter.choose({
      message: "Who decides what agents do?",
      choices: names.map((value) => {
        const { keyVariable, simulated } = providers[value];
        if (simulated === true)
          return { value, label: value, hint: "no key, no network: good for a first run" };
        if (keyVariable === undefined) return { value, label: value, hint: "a server of your own" };
        return { value, label: value, hint: `${keyVariable} is ${isSet(keyVariable) ? "set" : "not set"}` };
      }),
      initial: names.find((name) => isSet(providers[name].keyVariable)) ?? "simulated",
    });
    for (const key of ["model", "providerUrl", "keyVariable"] as const) delete answers[key];
    answers.provider = provider;
    const { keyVariable, defaultModel, baseUrl, simulated } = providers[provider];
    if (simulated === true) return;
    if (baseUrl === undefined)
      answers.providerUrl = await prompter.text({
        message: "Its address, up to where /chat/completions follows",
        placeholder: "http://127.0.0.1:8000/v1",
        check: (text) => (URL.canParse(text) ? undefined : "a URL is expected"),
      });
    else if (keyVariable === undefined && baseUrl !== undefined) prompter.say(`It is asked at ${baseUrl}.`);
    answers.model = await prompter.text({
      message: "Which model?",
      ...(defaultModel === undefined ? {} : { initial: defaultModel }),
      check: (text) => (text.trim() === "" ? "the name of a model is expected" : undefined),
    });
    if (keyVariable === undefined) return;
    answers.keyVariable = await prompter.text({
      message: "Which environment variable holds the key?",
      initial: keyVariable,
      check: (text) =>
        /^[A-Za-z_]\w*$/.test(text) ? undefined : "the name of a variable is expected, not the key",
    });
    if (!isSet(answers.keyVariable))
      prompter.say(`${answers.keyVariable} is not set: fill it in in ape.env before the run.`, "warning");
  },
};

/** Sets the model from the command line. */
export function takeModel(interview: Interview, said: CliAnswers): void {
  const { answers, warnings } = resolveModel(said, interview.environment);
  for (const warning of warnings) interview.prompter.say(warning, "warning");
  Object.assign(interview.answers, answers);
}

const OBSERVABILITY_LABELS: Record<Observability, string> = {
  none: "none",
  metrics: "metrics: Prometheus",
  full: "everything: Grafana, logs, traces, alerts",
};

export const observabilityQuestion: Question = {
  label: "Beside it",
  applies: ({ answers }) => answers.runtime === "compose",
  answered: ({ observability }) => observability !== undefined,
  answer: ({ answers }) => OBSERVABILITY_LABELS[answers.observability],
  async ask({ prompter, answers, environment }) {
    answers.observability = await prompter.choose({
      message: "What runs beside agents in containers?",
      choices: OBSERVABILITY.map((value) => ({ value, label: OBSERVABILITY_LABELS[value] })),
      initial: answers.observability,
    });
    for (const one of portsOf(answers.observability, environment.environment))
      if (!(await environment.isFree(one.port))) prompter.say(`${takenText(one)}.`, "warning");
  },
};

const CI_LABELS: Record<Ci, string> = { none: "none", github: "GitHub Actions", gitlab: "GitLab" };

export const ciQuestion: Question = {
  label: "CI",
  answered: ({ ci }) => ci !== undefined,
  answer: ({ answers }) => CI_LABELS[answers.ci],
  async ask({ prompter, answers }) {
    answers.ci = await prompter.choose({
      message: "A workflow for CI?",
      choices: CIS.map((value) => ({ value, label: CI_LABELS[value] })),
      initial: answers.ci,
    });
  },
};
