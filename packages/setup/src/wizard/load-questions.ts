import { type CheckDraft, operationOfDraft } from "@ape/catalog/checks/check-draft";
import { OBSERVABILITY, type Observability } from "@ape/core/config/compose";
import { parseDuration } from "@ape/core/lib/duration";
import { CIS, type Ci, DEFAULTS } from "../answers/answers.ts";
import { dataFrom, sampleData } from "../answers/data-answer.ts";
import { goalsFrom, parseCheck } from "../answers/goal-answer.ts";
import { type CliAnswers, resolveModel } from "../answers/resolve-answers.ts";
import { asksToSignIn, checksFor, type GoalDraft, goalName, lackingProof } from "../answers/suggest.ts";
import { portsOf, takenText } from "../compose/published-ports.ts";
import { allowedByChecks } from "../generate/config-file.ts";
import type { Interview, Question } from "./question.ts";
import { complaint, errorText, lookOnce } from "./target-questions.ts";

const OWN = "own words";

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
        const { file, secret, columns, rows } = await dataFrom(typed, environment);
        interview.data = { file, secret };
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
      answers.goals = goalsFrom(said.goals, said.checks.map(parseCheck), api);
      interview.said = { ...said, goals: [], checks: [] };
      return;
    }
    const suggested = goalsFrom([], [], api);
    const chosen = await prompter.chooseSome({
      message: "What do agents want?",
      choices: [
        ...suggested.map(({ name, prompt }) => ({ value: name, label: prompt })),
        { value: OWN, label: "something else, in your own words" },
      ],
      initial: suggested.slice(0, 1).map(({ name }) => name),
    });
    const goals: GoalDraft[] = suggested.filter(({ name }) => chosen.includes(name));
    for (let more = chosen.includes(OWN); more; ) {
      const prompt = await prompter.text({
        message: "The goal, as you would say it to a person",
        placeholder: "Log in, find a product under $50, buy it, log out.",
        check: (text) => (text.trim() === "" ? "say what an agent wants" : undefined),
      });
      const goal = { name: goalName(prompt, goals), prompt, success: await askCheck(interview, prompt) };
      const lacking = lackingProof(goal, api);
      if (lacking !== undefined) prompter.say(`${lacking}.`, "warning");
      goals.push(goal);
      more = await prompter.confirm({ message: "Another goal?", initial: false });
    }
    answers.goals = goals;
  },
};

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

/** A check in one line: an operation, or what is read to prove it. */
function labelOf(check: CheckDraft): string {
  const operation = operationOfDraft(check);
  return "probe" in check ? `read back: ${operation}` : operation;
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
  applies: ({ answers }) => answers.runtime !== "embedded",
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
