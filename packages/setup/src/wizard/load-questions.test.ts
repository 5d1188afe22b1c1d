import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testEnvironment } from "../../test/environment.ts";
import { recordedQuestions } from "../../test/recorded-questions.ts";
import type { CliAnswers } from "../answers/resolve-answers.ts";
import {
  agentsQuestion,
  ciQuestion,
  dataQuestion,
  durationQuestion,
  modelQuestion,
  observabilityQuestion,
  takeModel,
} from "./load-questions.ts";
import { begin, type Interview, type Question } from "./question.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-load-questions-"));
  await writeFile(join(folder, "rows.csv"), "user,password\nann,x\n");
  await writeFile(join(folder, "open.csv"), "city\nRome\nOslo\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Asking {
  said?: Partial<CliAnswers>;
  environment?: Partial<Parameters<typeof testEnvironment>[0]>;
  answers?: unknown[];
  /** Texts whose checks are looked at. */
  typed?: string[];
  before?(interview: Interview): void;
}

/** Asks one question. */
async function ask(
  question: Question,
  { said = {}, environment = {}, answers = [], typed = [], before }: Asking = {},
) {
  const seen = recordedQuestions(answers, typed);
  const interview = begin(
    { goals: [], checks: [], ...said },
    testEnvironment({ directory: folder, ...environment }),
    seen.prompter,
  );
  before?.(interview);
  await question.ask(interview);
  return { ...seen, interview, shown: question.answer(interview) };
}
const answered = (
  question: Question,
  said: Partial<CliAnswers>,
  found = { goals: false, account: false },
) => {
  const { prompter } = recordedQuestions([]);
  const interview = { ...begin({ goals: [], checks: [] }, testEnvironment({}), prompter), found };
  return question.answered({ goals: [], checks: [], ...said }, interview);
};

test("accounts are those of a file, made up, or none", async () => {
  const made = await ask(dataQuestion);
  expect(made.asked).toEqual([
    {
      message: "Which accounts do agents use?",
      choices: [
        "those of a file (CSV with a header line, or JSON)",
        "make ./accounts.csv with made-up ones (to be replaced)",
        "none",
      ],
      initial: "sample",
    },
  ]);
  expect(made.shown).toBe("./accounts.csv (made up, for you to replace)");
  const none = await ask(dataQuestion, { answers: ["none"] });
  expect([none.shown, none.interview.data]).toEqual(["none", undefined]);
  const mcp = await ask(dataQuestion, { said: { kind: "mcp" } });
  expect([mcp.asked[0]?.initial, mcp.shown]).toEqual(["none", "none"]);
});

test("a file of accounts is read, and asked for again where it cannot be", async () => {
  const { asked, said, shown, interview } = await ask(dataQuestion, {
    answers: ["file", "missing.csv", "file", "rows.csv"],
  });
  expect(asked.map(({ message }) => message)).toEqual([
    "Which accounts do agents use?",
    "The file",
    "Which accounts do agents use?",
    "The file",
  ]);
  expect(asked[1]?.placeholder).toBe("./accounts.csv");
  expect(said).toEqual([
    expect.stringMatching(/^warning: missing\.csv cannot be read\. .*CSV/),
    "good: 1 rows of user, password; hidden from models: password",
  ]);
  expect(shown).toBe("./rows.csv");
  expect(interview.data).toEqual({ file: "./rows.csv", secret: ["password"] });
  const given = await ask(dataQuestion, { said: { data: "open.csv" } });
  expect(given.asked).toEqual([]);
  expect(given.said).toEqual(["good: 2 rows of city; hidden from models: none"]);
  expect(given.interview.said).not.toHaveProperty("data");
});

test("accounts are not asked for where the command line says none, or an imported file has one", () => {
  expect(answered(dataQuestion, {})).toBe(false);
  expect(answered(dataQuestion, { data: "none" })).toBe(true);
  expect(answered(dataQuestion, { data: "rows.csv" })).toBe(false);
  expect(answered(dataQuestion, {}, { goals: false, account: true })).toBe(true);
  expect(answered(dataQuestion, { data: "rows.csv" }, { goals: false, account: true })).toBe(false);
});

const NUMBER = "a whole number of at least 1 is expected";

test("the number of agents is a whole number of up to six digits, and too few accounts are told", async () => {
  const { asked, refused, interview, shown, said } = await ask(agentsQuestion, {
    answers: ["25"],
    typed: ["1", " 999999 ", "0", "1000000", "x", "1.5", "-1", ""],
  });
  expect(asked).toEqual([{ message: "How many agents at once?", initial: "10" }]);
  expect(refused).toEqual([undefined, undefined, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER]);
  expect([interview.answers.agents, shown, said]).toEqual([25, "25", []]);
  const sample = { file: "./a.csv", secret: [], sample: { columns: ["a"], rows: [["1"], ["2"]] } };
  const few = async (answers: string[]) =>
    (await ask(agentsQuestion, { answers, before: (own) => Object.assign(own, { data: sample }) })).said;
  expect(await few(["3"])).toEqual([expect.stringContaining("./a.csv has only 2 rows")]);
  expect(await few(["2"])).toEqual([]);
  const { sample: _, ...plain } = sample;
  const file = await ask(agentsQuestion, {
    answers: ["99"],
    before: (own) => Object.assign(own, { data: plain }),
  });
  expect(file.said).toEqual([]);
});

test("a duration is one that the configuration takes", async () => {
  const { asked, refused, shown } = await ask(durationQuestion, {
    answers: ["2m"],
    typed: ["30s", " 1h ", "0s", "long", ""],
  });
  const wrong = "a duration such as 30s, 2m or 1h is expected";
  expect(asked).toEqual([{ message: "For how long?", initial: "1m" }]);
  expect(refused).toEqual([undefined, undefined, wrong, wrong, wrong]);
  expect(shown).toBe("2m");
});

test.each([agentsQuestion, durationQuestion])("$label is not asked of a load that has stages", (question) => {
  const interview = begin({ goals: [], checks: [] }, testEnvironment({}), recordedQuestions([]).prompter);
  expect(question.applies?.(interview)).toBe(true);
  interview.answers.stages = [{ duration: "1m", agents: 1 }];
  expect(question.applies?.(interview)).toBe(false);
});

test.each<[Question, Partial<CliAnswers>]>([
  [agentsQuestion, { agents: 5 }],
  [durationQuestion, { duration: "5m" }],
  [modelQuestion, { provider: "groq" }],
  [observabilityQuestion, { observability: "none" }],
  [ciQuestion, { ci: "none" }],
])("$0.label is answered by its option alone", (question, said) => {
  expect(answered(question, {})).toBe(false);
  expect(answered(question, said)).toBe(true);
});

test("the simulated model needs nothing more", async () => {
  const { asked, shown } = await ask(modelQuestion, { environment: { environment: { OPENAI_API_KEY: "" } } });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ message: "Who decides what agents do?", initial: "simulated" });
  expect(asked[0]?.choices).toEqual(
    expect.arrayContaining([
      "simulated (no key, no network: good for a first run)",
      "openai (OPENAI_API_KEY is not set)",
      "ollama (a server of your own)",
    ]),
  );
  expect(shown).toBe("simulated");
});

test("a provider whose key is set is offered first; its model and the variable of its key are asked for", async () => {
  const { asked, refused, shown, said } = await ask(modelQuestion, {
    environment: { environment: { OPENAI_API_KEY: "k" } },
    typed: ["", "A_1", "sk-123", "1A"],
  });
  expect(asked[0]?.initial).toBe("openai");
  expect(asked[0]?.choices).toContain("openai (OPENAI_API_KEY is set)");
  expect(asked.slice(1)).toEqual([
    { message: "Which model?", initial: "gpt-4.1-mini" },
    { message: "Which environment variable holds the key?", initial: "OPENAI_API_KEY" },
  ]);
  const name = "the name of a variable is expected, not the key";
  expect(refused).toEqual([
    "the name of a model is expected",
    undefined,
    undefined,
    undefined,
    name,
    undefined,
    name,
    name,
  ]);
  expect(shown).toBe("openai, gpt-4.1-mini, OPENAI_API_KEY");
  expect(said).toEqual([]);
});

test("a key that is not set is told, and a model without a default has to be named", async () => {
  const { asked, said, shown } = await ask(modelQuestion, { answers: ["groq", "llama", "MY_KEY"] });
  expect(asked[1]).toEqual({ message: "Which model?" });
  expect(said).toEqual(["warning: MY_KEY is not set: fill it in in ape.env before the run."]);
  expect(shown).toBe("groq, llama, MY_KEY");
});

test("a server of one's own is asked at its address; one without an address needs it", async () => {
  const own = await ask(modelQuestion, { answers: ["ollama", "qwen"] });
  expect(own.said).toEqual(["It is asked at http://127.0.0.1:11434/v1."]);
  expect([own.shown, own.interview.answers.keyVariable]).toEqual(["ollama, qwen", undefined]);
  const custom = await ask(modelQuestion, {
    answers: ["custom", "http://x/v1", "m"],
    typed: ["http://x", "x y"],
  });
  expect(custom.asked[1]).toEqual({
    message: "Its address, up to where /chat/completions follows",
    placeholder: "http://127.0.0.1:8000/v1",
  });
  expect(custom.refused.slice(0, 2)).toEqual([undefined, "a URL is expected"]);
  expect(custom.interview.answers).toMatchObject({
    provider: "custom",
    providerUrl: "http://x/v1",
    model: "m",
  });
  const azure = await ask(modelQuestion, { answers: ["azure", "http://x/v1", "m", "K"] });
  expect(azure.interview.answers).toMatchObject({ providerUrl: "http://x/v1", keyVariable: "K" });
});

test("another provider keeps nothing of the one before", async () => {
  const { interview } = await ask(modelQuestion, {
    before: ({ answers }) =>
      Object.assign(answers, { provider: "custom", model: "m", providerUrl: "u", keyVariable: "K" }),
  });
  for (const key of ["model", "providerUrl", "keyVariable"])
    expect(interview.answers).not.toHaveProperty(key);
});

test("the model of the command line is taken, and what is wrong with it told", () => {
  const take = (said: Partial<CliAnswers>) => {
    const seen = recordedQuestions([]);
    const interview = begin({ goals: [], checks: [] }, testEnvironment({}), seen.prompter);
    takeModel(interview, { goals: [], checks: [], ...said });
    return [interview.answers.provider, interview.answers.model, ...seen.said];
  };
  expect(take({ provider: "ollama", model: "m" })).toEqual(["ollama", "m"]);
  expect(take({ provider: "openai" })).toEqual([
    "simulated",
    undefined,
    expect.stringMatching(/^warning: OPENAI_API_KEY is not set/),
  ]);
});

test("what runs beside containers is asked for containers alone, with ports that are taken", async () => {
  const { asked, shown, said } = await ask(observabilityQuestion);
  expect(asked).toEqual([
    {
      message: "What runs beside agents in containers?",
      choices: ["none", "metrics: Prometheus", "everything: Grafana, logs, traces, alerts"],
      initial: "metrics",
    },
  ]);
  expect([shown, said]).toEqual(["metrics: Prometheus", []]);
  const taken = await ask(observabilityQuestion, { answers: ["full"], environment: { taken: [9090] } });
  expect(taken.said).toEqual([expect.stringMatching(/^warning: .*9090.*\.$/)]);
  const applies = (runtime: "compose" | "embedded") =>
    observabilityQuestion.applies?.(
      begin({ goals: [], checks: [], runtime }, testEnvironment({}), taken.prompter),
    );
  expect([applies("compose"), applies("embedded")]).toEqual([true, false]);
});

test("a workflow is GitHub's, GitLab's or none", async () => {
  const { asked, shown } = await ask(ciQuestion, { answers: ["gitlab"] });
  expect(asked).toEqual([
    { message: "A workflow for CI?", choices: ["none", "GitHub Actions", "GitLab"], initial: "none" },
  ]);
  expect(shown).toBe("GitLab");
});
