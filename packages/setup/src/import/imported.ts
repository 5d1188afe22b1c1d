import type { CheckDraft } from "@ape/catalog/checks/check-draft";
import { suggestChecks } from "@ape/catalog/checks/suggest-checks";
import type { Json } from "@ape/core/lib/json";
import { isNumber, parseJson } from "@ape/core/lib/lossless-number";
import { decodePercent } from "@ape/core/lib/percent";
import { foldIds } from "@ape/core/protocol/operations/operation";
import { type GoalDraft, isSecretName } from "../answers/suggest.ts";
import { splitWords } from "../words.ts";
import { describeRecording, type RecordedOperation } from "./recorded-api.ts";

/** Tools whose files can be imported. */
export const IMPORT_KINDS = ["openapi", "har", "postman", "k6"] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** The result of an import. */
export interface Imported {
  /** The origin of its calls. */
  baseUrl?: string;
  kind?: "rest" | "web";
  goals: GoalDraft[];
  /** Patterns of the calls: nothing else is allowed. */
  allow: string[];
  /** An account in the file. */
  account?: Record<string, string>;
  agents?: number;
  duration?: string;
  stages?: { duration: string; agents: number }[];
  thresholds?: Record<string, string[]>;
  /** What was not understood, one line each, for the user to check. */
  skipped: string[];
}

/** One call of a recording or a script. */
export interface RecordedCall {
  method: string;
  /** An absolute URL, with `{name}` or values for variable parts. */
  url: string;
  /** The status of its answer, or those of which a check accepts any. */
  status?: number | readonly number[];
  /** Its name in the file. */
  name?: string;
  /** Fields of its body. */
  fields?: Record<string, string>;
  /** Its answer, if the recording has one that is JSON. */
  answer?: Json;
}

const METHODS = /^(?:GET|POST|PUT|PATCH|DELETE)$/;

/** The origin of most calls. */
export function commonOrigin(calls: readonly Pick<RecordedCall, "url">[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { url } of calls) {
    if (!URL.canParse(url)) continue;
    const { origin } = new URL(url);
    counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  return [...counts.entries()].sort(([, one], [, other]) => other - one)[0]?.[0];
}

/** `POST /orders/{id}`: an operation as metrics and checks name it without a document. */
function operationOf({ method, url }: RecordedCall): string {
  const path = new URL(url).pathname.split("/").map((segment) => {
    const text = readable(segment);
    // Encoded letters may look like an id.
    return text.includes("%") ? text : foldIds(`/${text.replaceAll(/\{[^/}]*\}/g, "{id}")}`).slice(1);
  });
  return `${method} ${path.join("/")}`;
}

/** A decoded segment, if that means the same in a pattern. */
function readable(segment: string): string {
  const decoded = decodePercent(segment.replaceAll("*", "%2A"));
  return /^[^\s%*?#/\\\p{C}]*$/u.test(decoded) ? decoded : segment.replaceAll("*", "%2A");
}

/** Maximum number of steps of a recording in a goal's words. */
const MAX_CLAUSES = 12;
/** Changes of state beyond that are named too: the test is about them. */
const MAX_WRITES = 30;
const MAX_CHECKS = 5;

/**
 * A goal from calls: its words name them in order, its checks require those that changed something. Calls that were
 * meant to be refused are left out. What has no room is listed.
 * @param skipped receives it
 */
export function goalOf(name: string, calls: readonly RecordedCall[], skipped: string[]): GoalDraft {
  const wanted = calls.filter((call) => {
    const statuses = statusesOf(call);
    return statuses.length === 0 || statuses.some((status) => status < 400);
  });
  for (const call of calls)
    if (!wanted.includes(call))
      skipped.push(
        `${call.name ?? operationOf(call)}: its status is ${statusesOf(call).join(" or ")}, so it is no part of goal "${name}"`,
      );
  const used = wanted.length > 0 ? wanted : calls;
  const text = wordsOf(name, used, skipped).join(", ");
  const prompt = `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  return { name, prompt, success: checksOf(name, prompt, used, skipped) };
}

interface Clause {
  text: string;
  isWrite: boolean;
}

/** The clauses for the calls, without repetition; if there are too many, reads are left out first. */
function wordsOf(name: string, calls: readonly RecordedCall[], skipped: string[]): string[] {
  const clauses: Clause[] = [];
  for (const call of calls) {
    const text = clauseOf(call);
    const isWrite = call.method !== "GET";
    const last = clauses.at(-1);
    if (last?.text === text) last.isWrite ||= isWrite;
    else clauses.push({ text, isWrite });
  }
  const writes = clauses.filter(({ isWrite }) => isWrite).slice(0, MAX_WRITES);
  let looks = Math.max(0, MAX_CLAUSES - writes.length);
  const kept = clauses.filter((clause) => {
    if (clause.isWrite) return writes.includes(clause);
    looks -= 1;
    return looks >= 0;
  });
  const dropped = clauses.filter((clause) => !kept.includes(clause));
  if (dropped.length > 0)
    skipped.push(
      `goal "${name}": ${dropped.length} of ${clauses.length} steps are not in its prompt: ${shortList(dropped.map(({ text }) => text))}`,
    );
  return kept.map(({ text }) => text);
}

function shortList(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).join(", ");
  return texts.length > 3 ? `${shown} and ${texts.length - 3} more` : shown;
}

/**
 * Checks of a recorded goal: those that its words suggest for what the recording shows of the API, and the other calls
 * that changed something. Logging in and out proves nothing where anything else was changed.
 */
function checksOf(
  name: string,
  prompt: string,
  calls: readonly RecordedCall[],
  skipped: string[],
): CheckDraft[] {
  const writes = calls.filter(({ method }) => method !== "GET");
  const lasting = writes.filter((call) => !isSession(call));
  const proving = lasting.length > 0 ? lasting : writes.length > 0 ? writes : calls.slice(-1);
  const statuses = new Map<string, number | number[] | undefined>();
  for (const call of proving) statuses.set(operationOf(call), goodStatus(call));
  const operations = [...statuses.keys()];
  const kept = operations.slice(-MAX_CHECKS);
  if (operations.length > MAX_CHECKS)
    skipped.push(
      `goal "${name}": no check asks for ${shortList(operations.slice(0, -MAX_CHECKS))}: add one where it matters`,
    );
  const suggested = suggestChecks(prompt, [describeRecording(calls.map(recordedOperation))]).checks;
  return kept.flatMap((operation): CheckDraft[] => {
    const status = statuses.get(operation);
    const plain = { operation, ...(status === undefined ? {} : { status }) };
    const at = suggested.findIndex(({ check }) => "action" in check && check.action.operation === operation);
    const action = suggested[at]?.check;
    if (action === undefined || !("action" in action)) return [{ action: plain }];
    const { capture, body } = action.action;
    const probe = suggested[at + 1]?.check;
    return [
      {
        action: {
          ...plain,
          ...(body === undefined ? {} : { body }),
          ...(capture === undefined ? {} : { capture }),
        },
      },
      ...(probe !== undefined && "probe" in probe ? [probe] : []),
    ];
  });
}

/** The statuses of a call; none if the file says nothing of them. */
const statusesOf = ({ status = [] }: RecordedCall): readonly number[] =>
  typeof status === "number" ? [status] : status;

/** What a check asks of a call's status: one, or any of several; undefined leaves the default, which is any 2xx. */
function goodStatus(call: RecordedCall): number | number[] | undefined {
  const statuses = statusesOf(call);
  // What redirects leads an agent to another answer.
  if (statuses.some((status) => status < 200 || (status >= 300 && status < 400))) return undefined;
  return statuses.length > 1 ? [...statuses] : statuses[0];
}

/** Whether a call logs in or out. */
const isSession = (call: RecordedCall): boolean =>
  LOG_OUT.test(operationOf(call)) || accountOf([call]) !== undefined || /^log in$/.test(clauseOf(call));

const LOG_OUT = /log-?_?out|sign-?_?out/i;

const recordedOperation = (call: RecordedCall): RecordedOperation => ({
  operation: operationOf(call),
  words: clauseOf(call),
  sent: Object.keys(call.fields ?? {}),
  answer: call.answer,
});

const VERBS: Record<string, string> = {
  GET: "look at",
  POST: "create",
  PUT: "change",
  PATCH: "change",
  DELETE: "remove",
};

function clauseOf(call: RecordedCall): string {
  if (call.name !== undefined && call.name.trim() !== "") {
    const said = call.name.replaceAll(/[,.;]+/g, " ").trim();
    return said.charAt(0).toLowerCase() + said.slice(1);
  }
  const [method = "GET", path = "/"] = operationOf(call).split(" ");
  if (accountOf([call]) !== undefined) return "log in";
  if (LOG_OUT.test(path)) return "log out";
  const words = splitWords(path.replace("{id}", ""));
  return `${VERBS[method] ?? "use"} ${words === "" ? "the start" : words}`;
}

/** The calls as an allow list for agents. Ids stay parameters: such an entry is an operation to agents. */
export function allowOf(calls: readonly RecordedCall[]): string[] {
  return [...new Set(calls.map((call) => withNames(operationOf(call))))];
}

/** An operation whose parameters have names of their own: `{id}`, `{id2}`. */
function withNames(operation: string): string {
  let count = 0;
  return operation.replaceAll("{id}", () => {
    count += 1;
    return count === 1 ? "{id}" : `{id${count}}`;
  });
}

/** Fields that a server adds to a form for itself (CSRF tokens): never a user's own. */
const ANTI_FORGERY =
  /csrf|xsrf|forgery|^_token$|authenticity_?token|verification_?token|form_?(?:token|build_?id|key)|login_?token|nonce|captcha|viewstate|eventvalidation/i;
const PASSWORD = /pass|^pin$/i;

/** The account of the first call with a secret. */
export function accountOf(
  calls: readonly Pick<RecordedCall, "fields">[],
): Record<string, string> | undefined {
  for (const { fields = {} } of calls) {
    const all = Object.keys(fields);
    // A token beside a password belongs to the form, not to the account.
    const hasPassword = all.some((name) => PASSWORD.test(name));
    const own = (name: string): boolean =>
      !ANTI_FORGERY.test(name) && !(hasPassword && /token$/i.test(name) && !PASSWORD.test(name));
    const names = all.filter(own);
    if (names.length < 2 || names.length > 6 || !names.some(isSecretName)) continue;
    return Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => own(name))
        .filter(([name]) => isSecretName(name) || /mail|user|login|name|handle|member|account/i.test(name)),
    );
  }
  return undefined;
}

/** Whether an agent can make a call. */
export const isCall = ({ method, url }: RecordedCall): boolean => METHODS.test(method) && URL.canParse(url);

/** The values of a body as text, where it is a JSON object or a form. */
export function bodyFields(text: string, type: string): Record<string, string> | undefined {
  try {
    const value: unknown = /form/.test(type)
      ? Object.fromEntries(new URLSearchParams(text))
      : parseJson(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) =>
        typeof inner === "string" || isNumber(inner) ? [[name, String(inner)]] : [],
      ),
    );
  } catch {
    return undefined;
  }
}
