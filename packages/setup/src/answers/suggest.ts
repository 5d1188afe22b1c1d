import { type CheckDraft, operationOfDraft } from "@ape/catalog/checks/check-draft";
import { proofOf } from "@ape/catalog/checks/goal-proof";
import { suggestChecks } from "@ape/catalog/checks/suggest-checks";
import { type Clause, clausesOf } from "@ape/catalog/goal/clause";
import { stem } from "@ape/catalog/words/words";
import type { ApiDescription, ApiOperation } from "@ape/core/protocol/api";
import { namesPassword } from "@ape/core/protocol/sign-in";
import { proofText } from "@ape/core/report/proof-text";
import { significantWords, splitWords } from "../words.ts";

/** A goal, as it is written into ape.config.yaml. */
export interface GoalDraft {
  name: string;
  prompt: string;
  success: CheckDraft[];
}

/** What a target's description shows of its login: the operation, and the fields of an account. */
export interface SignIn {
  operation: ApiOperation;
  /** Columns of a data file, the user's name first. */
  columns: string[];
  /** Those of them that are secret. */
  secret: string[];
}

const SECRET = /pass(?:word|code|phrase)?$|secret|token|api_?key/i;
const REGISTER = /\b(?:register|registration|sign ?up|create (?:an? )?account|enrol|reset|forgot|change)\b/i;
const SIGN_IN = /\b(?:log|sign) ?(?:\w+ )?in\b|\blogin\b|\bauthenticate\b|\bopen a session\b/i;
const SIGN_OUT = /\b(?:log|sign) ?(?:\w+ )?(?:out|off)\b|\blogout\b|\bend (?:a |the )?session\b/i;
const MOST_STEPS = 5;
const MOST_GOALS = 4;

/** Whether a column or field holds a secret, by its name. */
export const isSecretName = (name: string): boolean => SECRET.test(name) || namesPassword(name);

/** Whether a goal in words requires a login. */
export const asksToSignIn = (prompt: string): boolean => SIGN_IN.test(prompt);

const phraseOf = (operation: ApiOperation): string => `${splitWords(operation.path)} ${operation.summary}`;
const reads = (operation: ApiOperation): boolean =>
  operation.method === "GET" || operation.method === "query" || operation.reads === true;
const isSignOut = (operation: ApiOperation): boolean => SIGN_OUT.test(phraseOf(operation));
const nameOf = ({ method, path }: ApiOperation): string => `${method} ${path}`;

/** The login of a target, if its description has one: a call that takes a secret and is no registration. */
export function signInOf(api: ApiDescription): SignIn | undefined {
  const candidates = api.operations.filter(
    (operation) => !reads(operation) && !REGISTER.test(phraseOf(operation)),
  );
  for (const operation of [
    ...candidates.filter((one) => SIGN_IN.test(phraseOf(one))),
    ...candidates.filter((one) => /auth|session|token/i.test(one.path)),
  ]) {
    const fields = operation.fields.filter(
      ({ in: place, name, type }) => place === "body" && /^string$/i.test(type) && !name.includes("[]"),
    );
    const secret = fields.filter(({ name, format }) => format === "password" || isSecretName(name));
    if (secret.length === 0) continue;
    const needed = fields.filter((field) => field.required || secret.includes(field));
    const column = (name: string): string => name.split(".").at(-1) ?? name;
    const columns = (needed.length > secret.length ? needed : fields).map(({ name }) => column(name));
    return {
      operation,
      columns: [...new Set(columns)],
      secret: [...new Set(secret.map(({ name }) => column(name)))],
    };
  }
  return undefined;
}

/**
 * Goals that a target's description suggests: to create each thing that can be created and read back, and to look
 * around. At least one, so that a test always has a goal.
 */
export function suggestGoals(api: ApiDescription): GoalDraft[] {
  const signIn = signInOf(api)?.operation;
  const signOut = api.operations.find(isSignOut);
  const plain = api.operations.filter(
    (operation) =>
      operation !== signIn &&
      !isSignOut(operation) &&
      !REGISTER.test(phraseOf(operation)) &&
      !SIGN_IN.test(operation.summary),
  );
  const lists = plain.filter((operation) => reads(operation) && !operation.path.includes("{"));
  const goals: GoalDraft[] = [];
  const add = (name: string, steps: readonly ApiOperation[], success: CheckDraft[]): void => {
    const secured = steps.some((step) => step.secured) || api.kind === "graphql" || api.kind === "web";
    const framed = [
      ...(secured && signIn !== undefined ? [signIn] : []),
      ...steps,
      ...(secured && signIn !== undefined && signOut !== undefined ? [signOut] : []),
    ];
    const prompt = sentence(framed.map(clauseOf));
    const proving = checksFor(prompt, api);
    const isProven = success.every((check) =>
      proving.some((other) => operationOfDraft(other) === operationOfDraft(check)),
    );
    goals.push({ name: unique(name, goals), prompt, success: isProven ? proving : success });
  };
  const made = plain.filter(
    ({ method, path, leadsOn }) =>
      leadsOn !== true &&
      (method === "mutation" || method === "tool" || (method === "POST" && !path.includes("{"))),
  );
  const readable = (operation: ApiOperation): ApiOperation | undefined =>
    plain.find(
      ({ method, path }) =>
        method === "GET" && path.replace(/\/\{[^/}]+\}$/, "") === operation.path && path !== operation.path,
    );
  const makers =
    api.kind === undefined || api.kind === "rest"
      ? made.filter((operation) => readable(operation) !== undefined)
      : made.filter((operation) => !reads(operation)).slice(-1);
  for (const maker of makers.slice(0, MOST_GOALS - 1)) {
    const before = made
      .slice(0, made.indexOf(maker))
      .filter((operation) => !makers.includes(operation) && !reads(operation))
      .slice(-(MOST_STEPS - 2));
    const list = listFor([...before, maker], lists);
    add(
      nounOf(maker),
      [...(list === undefined ? [] : [list]), ...before, maker],
      [{ action: { operation: nameOf(maker) } }],
    );
  }
  const [list] = lists;
  if (list !== undefined) {
    const one = plain.find(({ method, path }) => method === list.method && path.startsWith(`${list.path}/{`));
    const steps = one === undefined ? lists.slice(0, 2) : [list, one];
    add(
      "browse",
      steps,
      steps.map((step) => ({ action: { operation: nameOf(step) } })),
    );
  }
  const first = plain[0] ?? signIn;
  if (goals.length === 0 && first !== undefined)
    add("use", [first], [{ action: { operation: nameOf(first) } }]);
  return goals.length > 0 ? goals : [lookAround()];
}

/** The goal for a target without a description. */
export function lookAround(): GoalDraft {
  return {
    name: "look",
    prompt: "Open the first page and read what is there.",
    success: [{ action: { operation: "GET /", status: "2xx" } }],
  };
}

/** The list that the steps choose from: its name is in one of their fields, as `products` in `productId`. */
function listFor(steps: readonly ApiOperation[], lists: readonly ApiOperation[]): ApiOperation | undefined {
  const fields = new Set(
    steps.flatMap((step) =>
      step.fields
        .filter(({ in: place }) => place !== "answer")
        .flatMap(({ name }) => significantWords(name).map(stem)),
    ),
  );
  return (
    lists.find((list) => significantWords(list.path).some((word) => fields.has(stem(word)))) ??
    (steps.some((step) => step.method !== "POST") ? lists[0] : undefined)
  );
}

/**
 * Checks for a goal in words; none if its words match nothing in the description. What a page of a web application
 * shows before anything was done proves nothing.
 */
export function checksFor(prompt: string, api: ApiDescription): CheckDraft[] {
  const { checks, proof } = suggestChecks(prompt, [api]);
  // A goal that changes nothing is to open pages.
  const isLook = proof.parts.length === 0;
  return checks.flatMap(({ check }) => (isAlwaysTrue(check, api, isLook) ? [] : check));
}

/** The parts of a goal in words that checks leave unproven, in a sentence; undefined if there are none. */
export function lackingProof(
  { prompt, success }: Pick<GoalDraft, "prompt" | "success">,
  api: ApiDescription | undefined,
): string | undefined {
  const known = api ?? { target: "app", title: "", documented: false, auth: [], operations: [] };
  return proofText(proofOf(prompt, [known], success));
}

/** A page that can be opened whatever was done before it. */
function isAlwaysTrue(check: CheckDraft, { kind }: ApiDescription, isLook: boolean): boolean {
  const operation = operationOfDraft(check);
  if (kind !== "web" || !operation.startsWith("GET ")) return false;
  return operation === "GET /" || !isLook;
}

/** A name for a goal in words: what its last changing part does with what; of a goal without one, its last part. */
export function goalName(prompt: string, taken: readonly { name: string }[]): string {
  const clauses = clausesOf(prompt, new Set()).filter(
    ({ active, verb }) => active && verb !== "~login" && verb !== "~logout",
  );
  const isLook = ({ verb, acts }: Clause): boolean =>
    verb === "~find" || verb === "~show" || (verb === undefined && !acts);
  // What is done to `it` later is a part of what the goal is about.
  const hasOwnThing = ({ object, text }: Clause): boolean =>
    object.nouns.size > 0 && !object.refers && !/\b(?:it|them|its|there|that|again)\b/i.test(text);
  const main =
    clauses.find((clause) => !isLook(clause) && hasOwnThing(clause)) ??
    clauses.findLast((clause) => !isLook(clause)) ??
    clauses.at(-1);
  // `Borrow it` is named by what was found before.
  const thing = clauses.find(({ object }) => object.nouns.size > 0);
  const own = main === undefined ? [] : namingWords(main);
  if (main === undefined) own.push(...significantWords(prompt).slice(0, 3));
  const words = own.length > 1 || thing === undefined ? own : [...own, ...namingWords(thing).slice(-1)];
  const name = [...new Set(words)]
    .filter((word) => /^[a-z\d]+$/.test(word))
    .slice(0, 4)
    .join("-");
  return unique(/^[a-z]/.test(name) ? name.slice(0, 40) : `goal-${taken.length + 1}`, taken);
}

/** The words of a clause up to the end of what its verb acts on. */
function namingWords({ text, object }: Clause): string[] {
  const words = significantWords(text).filter((word) => /^[a-z\d]+$/.test(word) && !UNNAMED.has(word));
  const last = words.findLastIndex((word) => [...object.nouns.keys()].includes(stem(word)));
  return words.slice(0, last < 0 ? 2 : last + 1).slice(0, 3);
}

const UNNAMED = new Set(
  "them him her this that these those under over below above then also please me us".split(" "),
);

function unique(name: string, taken: readonly { name: string }[]): string {
  let number = 2;
  let free = name;
  while (taken.some((other) => other.name === free)) {
    free = `${name}-${number}`;
    number += 1;
  }
  return free;
}

function nounOf(operation: ApiOperation): string {
  const words = significantWords(operation.path);
  const name = operation.method === "POST" ? (words.at(-1) ?? "") : words.join("-");
  return /^[a-z][\w-]*$/.test(name) ? name.slice(0, 40) : "make";
}

/** An operation in words: its summary, else the words of its name. */
function clauseOf(operation: ApiOperation): string {
  const said = operation.summary.split(/[.;:,(]/)[0]?.trim() ?? "";
  if (said !== "" && said.length <= 80) return said.charAt(0).toLowerCase() + said.slice(1);
  const words = splitWords(operation.path);
  if (operation.method === "GET" || operation.method === "query")
    return `look at ${words === "" ? "the start" : words}`;
  if (operation.method === "POST") return `create ${words}`;
  return words;
}

function sentence(clauses: readonly string[]): string {
  const text = clauses.join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
