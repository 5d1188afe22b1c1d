import { ApeError } from "@ape/core/lib/errors";
import { TARGET_KIND_TRAITS, TARGET_KINDS } from "@ape/core/protocol/target-kind";
import { AUTHS, type AuthKind, credentialVariables, DEFAULTS } from "../answers/answers.ts";
import { projectPath } from "../answers/data-answer.ts";
import { imageAddress } from "../answers/resolve-answers.ts";
import {
  findSpec,
  guessKind,
  isCommand,
  kindOfSpec,
  parseAddress,
  targetName,
} from "../answers/target-answer.ts";
import type { Interview, Question } from "./question.ts";

const AUTH_LABELS: Record<AuthKind, string> = {
  none: "none: agents sign in by themselves, or need not",
  bearer: "a bearer token",
  basic: "user name and password (HTTP Basic)",
  apiKey: "an API key in a header",
  oauth2: "OAuth 2.0 client credentials",
};

/** The error of a parser, as text; undefined if it succeeds. */
export function complaint(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (thrown) {
    return errorText(thrown);
  }
}

/** The message of an invalid answer; other errors are thrown again. */
export function errorText(thrown: unknown): string {
  if (!(thrown instanceof ApeError)) throw thrown;
  return thrown.hint === undefined ? thrown.message : `${thrown.message}. ${thrown.hint}`;
}

export const addressQuestion: Question = {
  label: "Under test",
  answered: () => false,
  answer: ({ target, answers }) =>
    answers.image === undefined
      ? (target.command?.join(" ") ?? target.baseUrl)
      : `${answers.image}, a container at ${target.baseUrl}`,
  dependents: ["Kind", "API document", "Goals"],
  async ask(interview) {
    const { prompter, said } = interview;
    let typed = said.target;
    delete said.target;
    if (typed === undefined) {
      const place = await choosePlace(interview);
      if (place === IMAGE) return takeImage(interview);
      typed = place;
    }
    for (;;) {
      typed ??= await prompter.text({
        message: "What is under test? A URL, host:port, or the command of an MCP server",
        initial: interview.target.command?.join(" ") ?? interview.target.baseUrl,
        placeholder: DEFAULTS.target,
        check: (text) => (isCommand(text) ? undefined : complaint(() => parseAddress(text))),
      });
      if (await takeAddress(interview, typed)) return;
      typed = undefined;
    }
  },
};

const IMAGE = Symbol("image");

/** Where the system under test runs: in an image, at the address of a service, or at a typed one. */
async function choosePlace({
  prompter,
  said,
  answers,
  environment,
}: Interview): Promise<string | typeof IMAGE | undefined> {
  delete answers.image;
  if (said.image !== undefined) return IMAGE;
  const found = await environment.services();
  const where = await prompter.choose({
    message: "Where does it run?",
    choices: [
      {
        value: "there",
        label: "at an address",
        hint: "a URL, host:port, a published port, an MCP server's command",
      },
      ...(found?.services ?? []).map(({ name, url }) => ({
        value: url,
        label: `in the service ${name} of ${found?.file}`,
        hint: url,
      })),
      { value: "image", label: "in a Docker image", hint: "started beside agents in containers" },
    ],
    initial: "there",
  });
  if (where === "image") return IMAGE;
  answers.runtime = said.runtime ?? "embedded";
  return where === "there" ? undefined : where;
}

/** Asks for a Docker image, which agents in containers reach by its service's name. */
async function takeImage(interview: Interview): Promise<void> {
  const { prompter, said, answers, target } = interview;
  answers.image =
    said.image ??
    (await prompter.text({ message: "Which image?", placeholder: "my-app:latest", check: needed }));
  const port =
    said.port === undefined
      ? await prompter.text({
          message: "Which port does it listen on?",
          initial: String(DEFAULTS.imagePort),
          check: (text) => (/^\d{1,5}$/.test(text.trim()) ? undefined : "a port is expected"),
        })
      : String(said.port);
  delete said.image;
  delete said.port;
  answers.runtime = said.runtime ?? "compose";
  const { command: _, spec: __, ...rest } = target;
  interview.target = { ...rest, name: "app", baseUrl: imageAddress(Number(port)), authorized: false };
}

const needed = (text: string): string | undefined => (text.trim() === "" ? "a name is expected" : undefined);

/** Sets an address, or returns false if the user prefers to type another one. */
async function takeAddress(interview: Interview, typed: string): Promise<boolean> {
  const { prompter, environment, said } = interview;
  if (isCommand(typed)) {
    interview.target = {
      ...interview.target,
      name: "server",
      kind: "mcp",
      baseUrl: "",
      command: typed.trim().split(/\s+/),
      authorized: false,
    };
    return true;
  }
  const wrong = complaint(() => parseAddress(typed));
  if (wrong !== undefined) {
    prompter.say(wrong, "warning");
    return false;
  }
  const baseUrl = parseAddress(typed);
  const open = environment.isPublic(baseUrl);
  if (open && said.authorized !== true) {
    prompter.say(`${new URL(baseUrl).hostname} is neither loopback nor private.`, "warning");
    if (!(await prompter.confirm({ message: "May you load-test it?", initial: false }))) return false;
  }
  const { command: _, spec: __, ...rest } = interview.target;
  interview.target = { ...rest, name: targetName(baseUrl), baseUrl, authorized: open };
  const answer = await prompter.during(`looking at ${baseUrl}`, environment.read(`${baseUrl}/`));
  delete interview.challenge;
  if (answer?.status === 401) {
    interview.challenge = answer.challenge ?? "";
    prompter.say(
      `${baseUrl} asks for credentials (401). A document that needs them, too, is not found: give it as a file.`,
      "warning",
    );
  }
  if (answer !== undefined) return true;
  prompter.say(`Nothing answers at ${baseUrl} now. The test can be set up all the same.`, "warning");
  return prompter.confirm({ message: "Go on with this address?", initial: true });
}

export const kindQuestion: Question = {
  label: "Kind",
  applies: ({ target }) => target.command === undefined,
  answered: ({ kind }) => kind !== undefined,
  answer: ({ target }) => TARGET_KIND_TRAITS[target.kind].label,
  dependents: ["API document", "Goals"],
  async ask(interview) {
    const { prompter, environment, target, said } = interview;
    const documented = await kindOfSpec(said.spec, environment);
    if (documented !== undefined) {
      interview.target = { ...target, kind: documented };
      return;
    }
    const kind = await prompter.choose({
      message: "What is it?",
      choices: TARGET_KINDS.map((value) => ({ value, label: TARGET_KIND_TRAITS[value].label })),
      initial: await prompter.during("looking what it is", guessKind(target.baseUrl, environment)),
    });
    interview.target = { ...target, kind };
  },
};

export const specQuestion: Question = {
  label: "API document",
  applies: ({ target }) => target.kind === "rest" || target.kind === "graphql",
  answered: () => false,
  answer: ({ target, look }) => {
    const count = look.api?.operations.length ?? 0;
    const from = target.spec ?? (target.kind === "graphql" ? "introspection" : "none");
    return count > 0 ? `${from} (${count} operations)` : from;
  },
  dependents: ["Goals"],
  async ask(interview) {
    const { prompter, environment, said } = interview;
    const { baseUrl } = interview.target;
    let typed = said.spec;
    delete said.spec;
    for (;;) {
      const found =
        interview.target.kind === "rest" && (typed === undefined || typed === "look")
          ? await prompter.during(`looking for a document at ${baseUrl}`, findSpec(baseUrl, environment))
          : undefined;
      if (typed === "look") typed = found ?? "none";
      typed ??= await chooseSpec(interview, found);
      const documented = await kindOfSpec(typed, environment);
      if (documented !== undefined && documented !== interview.target.kind) {
        interview.target = { ...interview.target, kind: documented };
        prompter.say(`${typed} describes a ${TARGET_KIND_TRAITS[documented].label}.`);
      }
      const { kind } = interview.target;
      const { spec: _, ...rest } = interview.target;
      interview.target =
        typed === "none"
          ? rest
          : { ...rest, spec: /^https?:/.test(typed) ? typed : projectPath(typed, environment) };
      await lookOnce(interview);
      const { problem } = interview.look;
      if (problem === undefined) return;
      prompter.say(problem, "warning");
      typed = undefined;
      if (
        kind === "graphql" &&
        (await prompter.confirm({ message: "Go on without a schema?", initial: false }))
      )
        return;
    }
  },
};

async function chooseSpec({ prompter, target }: Interview, found: string | undefined): Promise<string> {
  const choice = await prompter.choose({
    message: target.kind === "graphql" ? "Where is its schema?" : "Where is its OpenAPI document?",
    choices: [
      ...(found === undefined ? [] : [{ value: "found", label: found, hint: "found there" } as const]),
      { value: "typed", label: "a file or another URL" },
      {
        value: "none",
        label: target.kind === "graphql" ? "ask the API itself (introspection)" : "there is none",
        hint:
          target.kind === "graphql" ? "the usual way" : "agents may only read then, and do what checks name",
      },
    ],
    initial: found === undefined ? "none" : "found",
  });
  if (choice === "found" && found !== undefined) return found;
  if (choice === "none") return "none";
  return prompter.text({
    message: "Its path or URL",
    placeholder: target.kind === "graphql" ? "./schema.graphql" : "./openapi.yaml",
    check: (text) => (text.trim() === "" ? "a path or a URL is expected" : undefined),
  });
}

export const authQuestion: Question = {
  label: "Credentials",
  answered: ({ auth }) => auth !== undefined,
  answer: ({ target }) => {
    const variables = credentialVariables(target);
    return variables.length === 0 ? AUTH_LABELS.none : `${target.auth}: ${variables.join(", ")}`;
  },
  async ask(interview) {
    const { prompter, target } = interview;
    const auth = await prompter.choose({
      message: "Which credentials does every call carry?",
      choices: AUTHS.map((value) => ({ value, label: AUTH_LABELS[value] })),
      initial: target.auth === "none" ? authOf(interview.challenge) : target.auth,
    });
    const { tokenUrl: before, ...rest } = target;
    interview.target = { ...rest, auth };
    if (auth === "oauth2")
      interview.target.tokenUrl = parseAddress(
        await prompter.text({
          message: "Where are tokens given?",
          initial: before ?? new URL("/oauth/token", target.baseUrl || DEFAULTS.target).href,
          check: (text) => complaint(() => parseAddress(text)),
        }),
      );
    const unset = credentialVariables(interview.target).filter(
      (name) => (interview.environment.environment[name] ?? "") === "",
    );
    if (unset.length > 0) prompter.say(`${unset.join(" and ")} will stand in ape.env, for you to fill in.`);
  },
};

/** The credentials that a 401 asks for (RFC 9110, section 11.6.1): without a word about them an API key. */
function authOf(challenge: string | undefined): AuthKind {
  if (challenge === undefined) return "none";
  if (/^basic\b/i.test(challenge)) return "basic";
  return /^bearer\b/i.test(challenge) ? "bearer" : "apiKey";
}

/** Inspects the target as it is configured now, unless that was done. */
export async function lookOnce(interview: Interview): Promise<void> {
  const { prompter, environment, target } = interview;
  const { kind, baseUrl, spec, command } = target;
  // Other kinds show a user nothing more.
  const account = kind === "web" ? interview.account : undefined;
  const what = JSON.stringify([kind, baseUrl, spec, command, account]);
  if (interview.looked === what) return;
  const doing =
    account === undefined
      ? "reading what it offers"
      : "signing in with the first row, reading what it offers then";
  interview.look = await prompter.during(
    doing,
    environment.look(target, account === undefined ? {} : { account }),
  );
  interview.looked = what;
}
