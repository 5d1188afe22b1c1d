import { ApeError } from "@ape/core/lib/errors";
import type { ApiDescription } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { testEnvironment } from "../../test/environment.ts";
import { recordedQuestions } from "../../test/recorded-questions.ts";
import type { TargetAnswer } from "../answers/answers.ts";
import type { CliAnswers } from "../answers/resolve-answers.ts";
import { begin, type Interview, type Question } from "./question.ts";
import {
  addressQuestion,
  authQuestion,
  complaint,
  errorText,
  kindQuestion,
  lookOnce,
  specQuestion,
} from "./target-questions.ts";

const BASE = "http://127.0.0.1:3000";
const API: ApiDescription = {
  target: "app",
  title: "t",
  documented: true,
  auth: [],
  operations: [{ method: "GET", path: "/a", summary: "", secured: false, fields: [] }],
};

interface Asking {
  said?: Partial<CliAnswers>;
  environment?: Parameters<typeof testEnvironment>[0];
  answers?: unknown[];
  typed?: string[];
  target?: Partial<TargetAnswer>;
  before?(interview: Interview): void;
}

/** Asks one question. */
async function ask(
  question: Question,
  { said = {}, environment = {}, answers = [], typed = [], target = {}, before }: Asking = {},
) {
  const seen = recordedQuestions(answers, typed);
  const interview = begin({ goals: [], checks: [], ...said }, testEnvironment(environment), seen.prompter);
  Object.assign(interview.target, target);
  before?.(interview);
  await question.ask(interview);
  return { ...seen, interview, shown: question.answer(interview) };
}
const up = (url = BASE) => ({ pages: { [`${url}/`]: {} } });

test("what is wrong with an answer is told with its hint; other errors are thrown again", () => {
  const wrong = new ApeError("USAGE", "no", { hint: "Write yes." });
  expect(errorText(wrong)).toBe("no. Write yes.");
  expect(complaint(() => 1)).toBeUndefined();
  expect(
    complaint(() => {
      throw wrong;
    }),
  ).toBe("no. Write yes.");
  expect(() => errorText(new TypeError("x"))).toThrow(TypeError);
});

const PLACES = [
  "at an address (a URL, host:port, a published port, an MCP server's command)",
  "in a Docker image (started beside agents in containers)",
];

test("an address is typed, checked, and looked at", async () => {
  const { asked, refused, said, interview, shown } = await ask(addressQuestion, {
    answers: ["there", "localhost:3000"],
    typed: ["localhost:3000", "node server.js", "ftp://x"],
    environment: up("http://localhost:3000"),
  });
  expect(asked).toEqual([
    { message: "Where does it run?", choices: PLACES, initial: "there" },
    {
      message: "What is under test? A URL, host:port, or the command of an MCP server",
      initial: "http://127.0.0.1:3000",
      placeholder: "http://127.0.0.1:3000",
    },
  ]);
  expect(refused).toEqual([undefined, undefined, expect.stringContaining('"ftp://x" is no address')]);
  expect(said).toEqual(["... looking at http://localhost:3000"]);
  expect(interview.target).toEqual({
    name: "app",
    kind: "rest",
    baseUrl: "http://localhost:3000",
    auth: "none",
    authorized: false,
  });
  expect(shown).toBe("http://localhost:3000");
});

test("a service of a Compose file is one of the places", async () => {
  const services = { file: "compose.yml", services: [{ name: "web", url: BASE }] };
  const { asked, interview } = await ask(addressQuestion, {
    answers: [BASE],
    environment: { ...up(), services },
  });
  expect(asked[0]?.choices).toEqual([PLACES[0], `in the service web of compose.yml (${BASE})`, PLACES[1]]);
  expect(asked).toHaveLength(1);
  expect(interview.target.baseUrl).toBe(BASE);
  expect(interview.answers.runtime).toBe("embedded");
});

test("an image is reached by its service's name, and runs in containers", async () => {
  const { asked, refused, interview, shown } = await ask(addressQuestion, {
    answers: ["image", "my-app:1", "81"],
    typed: ["a", " ", "8080", "x", "123456"],
    target: { spec: "./s", command: ["x"], authorized: true },
  });
  expect(asked.slice(1)).toEqual([
    { message: "Which image?", placeholder: "my-app:latest" },
    { message: "Which port does it listen on?", initial: "8080" },
  ]);
  const [name, port] = ["a name is expected", "a port is expected"];
  expect(refused).toEqual([
    undefined,
    name,
    undefined,
    undefined,
    undefined,
    port,
    port,
    undefined,
    port,
    port,
  ]);
  expect(interview.target).toEqual({
    name: "app",
    kind: "rest",
    baseUrl: "http://sut_target:81",
    auth: "none",
    authorized: false,
  });
  expect(interview.answers).toMatchObject({ image: "my-app:1", runtime: "compose" });
  expect(shown).toBe("my-app:1, a container at http://sut_target:81");
});

test("an image of the command line is not asked for", async () => {
  const { asked, interview } = await ask(addressQuestion, {
    said: { image: "a:1", port: 82, runtime: "embedded" },
  });
  expect(asked).toEqual([]);
  expect(interview.target.baseUrl).toBe("http://sut_target:82");
  expect(interview.answers).toMatchObject({ image: "a:1", runtime: "embedded" });
  expect(interview.said).not.toHaveProperty("image");
  expect(interview.said).not.toHaveProperty("port");
});

test("the command of an MCP server has no address", async () => {
  const { said, interview, shown } = await ask(addressQuestion, {
    said: { target: " node  server.js ", authorized: true },
  });
  expect(interview.target).toEqual({
    name: "server",
    kind: "mcp",
    baseUrl: "",
    command: ["node", "server.js"],
    auth: "none",
    authorized: false,
  });
  expect([shown, said]).toEqual(["node server.js", []]);
});

test("an address that is wrong, silent or public is asked about", async () => {
  const wrong = await ask(addressQuestion, {
    said: { target: "ftp://x" },
    answers: [BASE],
    environment: up(),
  });
  expect(wrong.said[0]).toMatch(/^warning: "ftp:\/\/x" is no address/);
  const silent = await ask(addressQuestion, {
    said: { target: BASE },
    answers: [false, "http://127.0.0.1:1", true],
  });
  expect(silent.said).toContain(
    `warning: Nothing answers at ${BASE} now. The test can be set up all the same.`,
  );
  expect(silent.asked.map(({ message, initial }) => [message, initial])).toEqual([
    ["Go on with this address?", true],
    ["What is under test? A URL, host:port, or the command of an MCP server", BASE],
    ["Go on with this address?", true],
  ]);
  const open = "http://public.example";
  const refused = await ask(addressQuestion, {
    said: { target: open },
    answers: [false, BASE],
    environment: up(),
  });
  expect(refused.said[0]).toBe("warning: public.example is neither loopback nor private.");
  expect(refused.asked[0]).toEqual({ message: "May you load-test it?", initial: false });
  expect(refused.interview.target).toMatchObject({ baseUrl: BASE, authorized: false });
  const agreed = await ask(addressQuestion, {
    said: { target: open },
    answers: [true],
    environment: up(open),
  });
  expect(agreed.interview.target).toMatchObject({ name: "public", authorized: true });
  const told = await ask(addressQuestion, {
    said: { target: open, authorized: true },
    environment: up(open),
  });
  expect(told.asked).toEqual([]);
});

test("a 401 is told, with the credentials that it asks for", async () => {
  const page = (challenge?: string) => ({
    pages: { [`${BASE}/`]: { status: 401, ...(challenge && { challenge }) } },
  });
  const basic = await ask(addressQuestion, { said: { target: BASE }, environment: page("Basic realm=x") });
  expect(basic.interview.challenge).toBe("Basic realm=x");
  expect(basic.said.at(-1)).toMatch(/^warning: http:\/\/127\.0\.0\.1:3000 asks for credentials \(401\)/);
  const silent = await ask(addressQuestion, { said: { target: BASE }, environment: page() });
  expect(silent.interview.challenge).toBe("");
  const none = await ask(addressQuestion, {
    said: { target: BASE },
    environment: up(),
    before: (interview) => Object.assign(interview, { challenge: "Basic" }),
  });
  expect(none.interview).not.toHaveProperty("challenge");
});

test("the address is always asked for, and what hangs on it too", () => {
  expect(addressQuestion.answered({ goals: [], checks: [], target: BASE }, {} as Interview)).toBe(false);
  expect(addressQuestion.dependents).toEqual(["Kind", "API document", "Goals"]);
  expect(kindQuestion.dependents).toEqual(["API document", "Goals"]);
  expect(specQuestion.dependents).toEqual(["Goals"]);
});

test("the kind is what the target seems to be, unless a document says it", async () => {
  const seen = await ask(kindQuestion);
  expect(seen.asked[0]).toMatchObject({ message: "What is it?", initial: "rest" });
  expect(seen.asked[0]?.choices).toHaveLength(4);
  expect(seen.said).toEqual(["... looking what it is"]);
  const chosen = await ask(kindQuestion, { answers: ["web"] });
  expect(chosen.interview.target.kind).toBe("web");
  const documented = await ask(kindQuestion, { said: { spec: "./a.graphql" } });
  expect([documented.asked, documented.interview.target.kind]).toEqual([[], "graphql"]);
  const applies = (target: Partial<TargetAnswer>) => kindQuestion.applies?.({ target } as Interview);
  expect([applies({}), applies({ command: ["x"] })]).toEqual([true, false]);
  expect(kindQuestion.answered({ goals: [], checks: [], kind: "rest" }, {} as Interview)).toBe(true);
  expect(kindQuestion.answered({ goals: [], checks: [] }, {} as Interview)).toBe(false);
});

const SPEC = '{"openapi":"3.1.0","paths":{}}';
const found = {
  pages: { [`${BASE}/openapi.json`]: { text: SPEC } },
  look: { reachable: true as const, api: API },
};

test("a document that is found is offered first", async () => {
  const { asked, said, interview, shown } = await ask(specQuestion, { environment: found });
  expect(asked).toEqual([
    {
      message: "Where is its OpenAPI document?",
      choices: [
        `${BASE}/openapi.json (found there)`,
        "a file or another URL",
        "there is none (agents may only read then, and do what checks name)",
      ],
      initial: "found",
    },
  ]);
  expect(said).toEqual([`... looking for a document at ${BASE}`, "... reading what it offers"]);
  expect(interview.target.spec).toBe(`${BASE}/openapi.json`);
  expect(shown).toBe(`${BASE}/openapi.json (1 operations)`);
});

test("there may be no document, or one at another place", async () => {
  const none = await ask(specQuestion, { target: { spec: "./old" } });
  expect(none.asked[0]?.initial).toBe("none");
  expect(none.asked[0]?.choices).toHaveLength(2);
  expect([none.shown, none.interview.target.spec]).toEqual(["none", undefined]);
  const typed = await ask(specQuestion, { answers: ["typed", "docs/api.yaml"], typed: ["x", " "] });
  expect(typed.asked[1]).toEqual({ message: "Its path or URL", placeholder: "./openapi.yaml" });
  expect(typed.refused).toEqual([undefined, "a path or a URL is expected"]);
  expect(typed.interview.target.spec).toBe("./docs/api.yaml");
  const looked = await ask(specQuestion, { said: { spec: "look" }, environment: found });
  expect([looked.asked, looked.interview.target.spec]).toEqual([[], `${BASE}/openapi.json`]);
  const missed = await ask(specQuestion, { said: { spec: "look" } });
  expect([missed.asked, missed.interview.target.spec]).toEqual([[], undefined]);
  const given = await ask(specQuestion, { said: { spec: "https://x/api.json" } });
  expect(given.interview.target.spec).toBe("https://x/api.json");
  expect(given.interview.said).not.toHaveProperty("spec");
});

test("GraphQL is asked for its schema, and a document of another kind decides the kind", async () => {
  const graphql = await ask(specQuestion, { target: { kind: "graphql" } });
  expect(graphql.asked).toEqual([
    {
      message: "Where is its schema?",
      choices: ["a file or another URL", "ask the API itself (introspection) (the usual way)"],
      initial: "none",
    },
  ]);
  expect(graphql.shown).toBe("introspection");
  const typed = await ask(specQuestion, { target: { kind: "graphql" }, answers: ["typed", "./s.graphql"] });
  expect(typed.asked[1]?.placeholder).toBe("./schema.graphql");
  const other = await ask(specQuestion, { answers: ["typed", "./s.graphql"] });
  expect(other.interview.target).toMatchObject({ kind: "graphql", spec: "./s.graphql" });
  expect(other.said).toContainEqual(expect.stringContaining("./s.graphql describes a "));
  const applies = (kind: TargetAnswer["kind"]) => specQuestion.applies?.({ target: { kind } } as Interview);
  expect((["rest", "graphql", "web", "mcp"] as const).map(applies)).toEqual([true, true, false, false]);
});

test("a document that cannot be read is told, and asked for again; a schema may be done without", async () => {
  const broken = { look: { reachable: true as const, problem: "no such file" } };
  const without = await ask(specQuestion, {
    target: { kind: "graphql" },
    environment: broken,
    answers: ["none", true],
  });
  expect(without.said).toContain("warning: no such file");
  expect(without.asked.at(-1)).toEqual({ message: "Go on without a schema?", initial: false });
  await expect(
    ask(specQuestion, { said: { spec: "./a.json" }, environment: broken, answers: ["cancel"] }),
  ).rejects.toThrow();
});

test("credentials are those that the target asks for, and their variables are told", async () => {
  const offered = async (challenge?: string) =>
    (
      await ask(authQuestion, {
        before: (interview) => Object.assign(interview, challenge === undefined ? {} : { challenge }),
      })
    ).asked[0]?.initial;
  expect(
    await Promise.all([undefined, "", "Basic realm=x", "bearer", "Bearers", "Digest"].map(offered)),
  ).toEqual(["none", "apiKey", "basic", "bearer", "apiKey", "apiKey"]);
  const none = await ask(authQuestion);
  expect(none.asked).toEqual([
    {
      message: "Which credentials does every call carry?",
      choices: [
        "none: agents sign in by themselves, or need not",
        "a bearer token",
        "user name and password (HTTP Basic)",
        "an API key in a header",
        "OAuth 2.0 client credentials",
      ],
      initial: "none",
    },
  ]);
  expect([none.said, none.shown]).toEqual([[], "none: agents sign in by themselves, or need not"]);
  const basic = await ask(authQuestion, { answers: ["basic"] });
  expect(basic.said).toEqual(["APP_USER and APP_PASSWORD will stand in ape.env, for you to fill in."]);
  expect(basic.shown).toBe("basic: APP_USER, APP_PASSWORD");
  const set = await ask(authQuestion, {
    answers: ["bearer"],
    environment: { environment: { APP_TOKEN: "x" } },
  });
  expect(set.said).toEqual([]);
  expect(authQuestion.answered({ goals: [], checks: [], auth: "none" }, {} as Interview)).toBe(true);
  expect(authQuestion.answered({ goals: [], checks: [] }, {} as Interview)).toBe(false);
});

test("OAuth needs the address of tokens", async () => {
  const { asked, refused, interview } = await ask(authQuestion, {
    answers: ["oauth2"],
    typed: ["x:1", "a b"],
  });
  expect(asked[1]).toEqual({ message: "Where are tokens given?", initial: `${BASE}/oauth/token` });
  expect(refused).toEqual([undefined, expect.stringContaining("is no address")]);
  expect(interview.target).toMatchObject({ auth: "oauth2", tokenUrl: `${BASE}/oauth/token` });
  const again = await ask(authQuestion, { target: { auth: "oauth2", tokenUrl: "http://x/t" } });
  expect([again.asked[0]?.initial, again.asked[1]?.initial]).toEqual(["oauth2", "http://x/t"]);
  const other = await ask(authQuestion, {
    target: { auth: "oauth2", tokenUrl: "http://x/t" },
    answers: ["bearer"],
  });
  expect(other.interview.target).not.toHaveProperty("tokenUrl");
  const server = await ask(authQuestion, { target: { baseUrl: "" }, answers: ["oauth2"] });
  expect(server.asked[1]?.initial).toBe(`${BASE}/oauth/token`);
});

test("a target is looked at once, until something of it changes", async () => {
  const { prompter, said } = recordedQuestions([]);
  const interview = begin(
    { goals: [], checks: [] },
    testEnvironment({ look: { reachable: true, api: API } }),
    prompter,
  );
  await lookOnce(interview);
  await lookOnce(interview);
  expect(interview.look).toEqual({ reachable: true, api: API });
  expect(said).toHaveLength(1);
  for (const change of [
    { kind: "web" },
    { baseUrl: "http://x" },
    { spec: "./s" },
    { command: ["a"] },
  ] as Partial<TargetAnswer>[]) {
    Object.assign(interview.target, change);
    await lookOnce(interview);
  }
  expect(said).toHaveLength(5);
  interview.target.auth = "basic";
  await lookOnce(interview);
  expect(said).toHaveLength(5);
});
