import type { ApiDescription, ApiField, ApiOperation } from "@ape/core/protocol/api";
import { isIdName, isPlainIdName } from "@ape/core/protocol/id-name";
import { type HttpMethod, isMethod, type Verb } from "@ape/core/protocol/operations/operation";
import { isPlural, lastPart, pathWords } from "@ape/core/protocol/operations/path-words";
import { spokenCall } from "@ape/core/protocol/operations/prompt-tools";
import { RouteTable } from "@ape/core/protocol/operations/route-table";
import { namesPassword } from "@ape/core/protocol/sign-in";
import { NUMBERS, STOP, VERB_MEANINGS } from "../words/lexicon.ts";
import { isMostlyVerb } from "../words/verb-words.ts";
import {
  addTokens,
  InverseDocumentFrequency,
  plain,
  stem,
  tokens,
  type WeightedTokens,
  weightedTokens,
} from "../words/words.ts";
import { type Field, fieldOf, fieldSimilarity, isSecret } from "./field.ts";
import {
  collectionOfParameter,
  identifierIn,
  isOfOtherPart,
  type KeyInList,
  keyOfThing,
} from "./item-identifier.ts";
import { isTokenRefresh } from "./refresh-operation.ts";

/** The list in an operation's answer: `items[].id` has the prefix `items`. */
export interface ListShape {
  prefix: string;
  fields: readonly Field[];
}

/** An operation with the meanings of its words. */
export interface Operation {
  target: string;
  /** `METHOD /template`. */
  key: string;
  /** The verb by which it is called. */
  call: Verb;
  /** The equivalent HTTP method: GET changes nothing. */
  method: HttpMethod;
  path: string;
  /** Of GraphQL. */
  signature: string | undefined;
  summary: string;
  secured: boolean;
  inputs: readonly Field[];
  answers: readonly Field[];
  list: ListShape | undefined;
  /** The words of its summary's first sentence. */
  head: WeightedTokens;
  /** All words, weighted by their position. */
  weights: WeightedTokens;
  /** The meaning of its verb. */
  verb: string | undefined;
  writes: boolean;
  /** Whether its API's document describes answers. */
  promises: boolean;
  login: boolean;
  /** Issues new credentials for a token that was issued for this purpose. */
  refreshes: boolean;
  /** A form that leads to a further form. */
  leadsOn?: true;
  /** The text of a link that was not opened: that its form is behind it is a guess. */
  guessedFrom?: string;
  /** Only its method and path are known. */
  undocumented?: true;
}

/** The origin of an input's value: a field of another operation's answer. */
export interface Source {
  operation: Operation;
  field: Field;
  /** Whether the field is in a list. */
  listed: boolean;
  score: number;
  /** Set if the document does not name the field: it is the id of what the operation creates. */
  made?: true;
}

/** Minimum similarity of an input and an answer's field that count as the same thing. */
const KIN = 0.45;
/** Similarity of a path parameter and the field that identifies the items of its collection. */
const IDENTIFIER = 1;
const SAME_NAME = 0.8;
/** Names of identifiers that say more than `id`. */
const OWN_IDENTIFIER = /^(?:code|slug|sku|number|no|ref|reference|isbn|ean)$/i;

/** Everything that the prompt says about the APIs, indexed for matching. */
export class OperationCatalog {
  readonly operations: readonly Operation[];
  readonly undocumented: readonly string[];
  /** Every call carries who makes it: to sign in and out takes no call of its own. */
  readonly signsEachCall: boolean;
  /** Web targets. */
  readonly web: readonly string[];
  /** Stems of the words that summaries start with. */
  readonly verbs: ReadonlySet<string>;
  readonly words = new InverseDocumentFrequency();
  readonly fieldWords = new InverseDocumentFrequency();
  readonly #routes = new Map<string, RouteTable>();
  readonly #byKey = new Map<string, Operation>();
  readonly #sources = new Map<Field, Source[]>();

  constructor(apis: readonly ApiDescription[]) {
    this.undocumented = apis
      .filter(({ kind, documented, operations }) => kind !== "web" && !documented && operations.length === 0)
      .map(({ target }) => target);
    this.signsEachCall =
      apis.length > 0 && apis.every(({ auth }) => auth.some(({ type }) => type === "basic"));
    this.web = apis.filter(({ kind }) => kind === "web").map(({ target }) => target);
    this.operations = apis.flatMap((api) => {
      const promises = describesAnswers(api);
      const operations = api.operations.map((one) => read(api, one, promises));
      markThings(operations);
      return withoutFalseLogins(operations);
    });
    const verbs = new Set<string>();
    for (const api of apis) {
      const table = new RouteTable();
      for (const { method, path } of api.operations) if (isMethod(method)) table.add(method, path);
      this.#routes.set(api.target, table);
      for (const { summary } of api.operations) {
        const first = plain(summary).split(" ")[0] ?? "";
        // `One visit`: no verb.
        if (first.length > 2 && !STOP.has(first) && !(first in NUMBERS)) verbs.add(stem(first));
      }
      // What is done to an item is a verb, too: `POST /articles/{slug}/favorite`.
      for (const { method, path } of api.operations) {
        const { action } = isMethod(method) && method !== "GET" ? pathWords(path) : { action: undefined };
        const word = plain(action ?? "");
        if (word.length > 2 && !word.includes(" ")) verbs.add(stem(word));
      }
    }
    this.verbs = verbs;
    for (const operation of this.operations) {
      this.#byKey.set(`${operation.target} ${operation.key}`, operation);
      this.words.add(operation.weights);
      for (const field of [...operation.inputs, ...operation.answers]) {
        this.fieldWords.add(field.nameTokens);
        this.fieldWords.add(field.textTokens);
      }
    }
  }

  /** The operation that a call with this path belongs to. */
  at(target: string, method: Verb, path: string): Operation | undefined {
    if (!isMethod(method)) return this.#byKey.get(`${target} ${method} ${path}`);
    const template = this.#routes.get(target)?.match(method, path);
    return template === undefined ? undefined : this.#byKey.get(`${target} ${method} ${template}`);
  }

  /**
   * Possible origins of an input's value, likeliest first: its own API before others, as one service's ids are used in
   * another.
   */
  sources(owner: Operation, input: Field): readonly Source[] {
    let found = this.#sources.get(input);
    if (found === undefined) {
      found = [];
      for (const operation of this.operations) {
        if (operation === owner) continue;
        for (const field of operation.answers) {
          const score = fieldSimilarity(input, field, this.fieldWords);
          if (score >= KIN && !isOfOtherPart(field, input, operation.answers))
            found.push({ operation, field, listed: field.name.includes("[]"), score });
        }
      }
      this.#addIdentifiers(owner, input, found);
      this.#addSameName(owner, input, found);
      this.#addKey(owner, input, found);
      const own = ({ operation }: Source): number => (operation.target === owner.target ? 1 : 0);
      found.sort((one, two) => own(two) - own(one) || two.score - one.score);
      this.#sources.set(input, found);
    }
    return found;
  }

  /**
   * Adds what the paths say: the items of `GET /bikes` are those of `/bikes/{bikeTag}`, and `POST /bikes` makes one, whatever
   * their fields are called.
   */
  #addIdentifiers(owner: Operation, input: Field, found: Source[]): void {
    const collection =
      collectionOfParameter(input, owner) ?? this.thingList(owner, input)?.path.replace(/\/$/, "");
    if (collection === undefined) return;
    const same = this.operations.filter(({ target, call }) => target === owner.target && isMethod(call));
    const names = new Set(
      same.flatMap(({ path, inputs }) =>
        inputs.flatMap(({ in: place, name }) =>
          place === "path" && path.startsWith(`${collection}/{${name}}`) ? name : [],
        ),
      ),
    );
    for (const operation of same) {
      if (operation === owner || operation.path.replace(/\/$/, "") !== collection) continue;
      const isList = operation.list !== undefined && !operation.writes;
      if (!isList && operation.method !== "POST") continue;
      const field = identifierIn(operation, input, collection, names);
      if (field === undefined) continue;
      const known = found.find((source) => source.operation === operation && source.field === field);
      if (known !== undefined) known.score = Math.max(known.score, IDENTIFIER);
      else found.push({ operation, field, listed: isList, score: IDENTIFIER });
    }
  }

  /** Adds the only list whose items have a `sku`, or another identifier of a name of its own, as an input of a body is called. */
  #addSameName(owner: Operation, input: Field, found: Source[]): void {
    if (input.in !== "body" || !input.required || !OWN_IDENTIFIER.test(input.leaf)) return;
    const { collection } = pathWords(owner.path);
    const lists = this.operations.flatMap((operation): Source[] => {
      const { target, list, writes, inputs } = operation;
      const field = list?.fields.find(({ leaf }) => leaf === input.leaf);
      if (field === undefined || target !== owner.target || writes || inputs.some(({ required }) => required))
        return [];
      return pathWords(operation.path).collection === collection
        ? []
        : [{ operation, field, listed: true, score: SAME_NAME }];
    });
    const [only, ...others] = lists;
    if (only !== undefined && others.length === 0 && !found.some(({ field }) => field === only.field))
      found.push(only);
  }

  /** Adds the list whose things have what an input is named after: the `tag` of turbines for `turbineTag`. */
  #addKey(owner: Operation, input: Field, found: Source[]): void {
    const key = this.keyOfThing(owner, input);
    if (key === undefined) return;
    const known = found.find((source) => source.field === key.field);
    if (known !== undefined) known.score = Math.max(known.score, IDENTIFIER);
    else found.push({ ...key, listed: true, score: IDENTIFIER });
  }

  /** The field of a list's things that an input of a body takes, by its name: {@link keyOfThing}. */
  keyOfThing(owner: Operation, input: Field): KeyInList<Operation> | undefined {
    return keyOfThing(owner, input, this.operations);
  }

  /** Whether an input of a body names one of the things that a list here has, although it may be called no id. */
  takesListed(owner: Operation, input: Field): boolean {
    return this.thingList(owner, input) !== undefined || this.keyOfThing(owner, input) !== undefined;
  }

  /**
   * The list of the things that a required input of a body is named after: `GET /vehicles` for the `vehicle` of a rental, which
   * is an id then, although its name does not say so.
   */
  thingList(owner: Operation, input: Field): Operation | undefined {
    const isTaken = input.required || input.thing === true;
    if (input.in !== "body" || !isTaken || input.enum !== undefined || /[.[]/.test(input.name))
      return undefined;
    if (!/^(?:string|integer)$/.test(input.type) || /^date|^time/.test(input.format ?? "")) return undefined;
    const name = plain(input.leaf);
    if (name === "" || name.includes(" ") || isPlainIdName(input.leaf)) return undefined;
    return this.operations.find(
      ({ target, list, writes, inputs, path }) =>
        target === owner.target &&
        list !== undefined &&
        !writes &&
        !inputs.some(({ required }) => required) &&
        path !== owner.path &&
        isPlural(lastPart(path)) &&
        stem(plain(lastPart(path))) === stem(name),
    );
  }

  /** The operation that logs in to a target. */
  login(target: string): Operation | undefined {
    return this.operations.find((operation) => operation.login && operation.target === target);
  }
}

/** Notes which whole numbers are called by the noun of things that a collection here has by their ids: `dog`, where there is `/dogs/{id}`. */
function markThings(operations: readonly Operation[]): void {
  const paths = new Set(operations.map(({ path }) => path));
  const nouns = new Map<string, string>();
  for (const { path, writes, inputs, call } of operations) {
    const name = lastPart(path);
    if (writes || !isMethod(call) || !isPlural(name) || inputs.some(({ required }) => required)) continue;
    const hasItems = [...paths].some((one) => one.startsWith(`${path}/{`) && one.endsWith("}"));
    if (hasItems) nouns.set(stem(plain(name)), plain(name));
  }
  for (const { inputs, answers } of operations)
    for (const field of [...inputs, ...answers]) {
      const name = plain(field.leaf);
      const things = name.includes(" ") ? undefined : nouns.get(stem(name));
      if (things === undefined || things === name || field.type !== "integer" || field.in === "path")
        continue;
      if (field.enum === undefined) field.thing = true;
    }
}

/**
 * The operations of one API, where a login that itself needs a credential and takes no secret, such as a test of a token, is
 * none if another one is.
 */
function withoutFalseLogins(operations: readonly Operation[]): Operation[] {
  const needsLogin = ({ login, secured, inputs }: Operation): boolean =>
    login && secured && !inputs.some((field) => field.in === "body" && isSecret(field));
  const hasOther = operations.some((operation) => operation.login && !needsLogin(operation));
  return operations.map((operation) =>
    hasOther && needsLogin(operation) ? { ...operation, login: false } : operation,
  );
}

/** Whether an API's document describes answers. */
const describesAnswers = ({ operations }: ApiDescription): boolean =>
  operations.some(({ fields }) => fields.some((field) => field.in === "answer" && field.assumed !== true));

/** @param promises whether the document describes answers */
function read(api: ApiDescription, operation: ApiOperation, promises: boolean): Operation {
  const { method: call, path, secured } = operation;
  const summary = operation.summary === "" ? summaryOf(operation) : operation.summary;
  const [first = ""] = summary.split(/[.;:](?=\s|$)/);
  const isOrdering = call === "mutation" && isNameOfOrdering(plain(path));
  const verb = isOrdering
    ? "~buy"
    : tokens(`${isMethod(call) ? "" : path} ${first}`).find((token) => VERB_MEANINGS.has(token));
  const method = methodOf(operation, verb);
  // A read-only operation has arguments as a list has a query: to filter and to page.
  const filters = !isMethod(call) && method === "GET";
  const about = `${plain(lastPart(pathWords(path).collection))} ${nounsOf(first)}`;
  const fields = [...operation.fields, ...shownByList(api, operation)]
    .map((field) => ((field.form ?? 1) > 1 ? { ...field, required: false } : field))
    .map((field) => fieldOf(filters && field.in === "body" ? { ...field, in: "query" } : field, about));
  const inputs = fields.filter(
    (field) => field.in !== "answer" && !/^(?:authorization|cookie)$/i.test(field.name),
  );
  const answers = fields.filter((field) => field.in === "answer");
  const head = weightedTokens(first);
  const weights: WeightedTokens = new Map(head);
  addTokens(weights, summary, 0.5);
  addTokens(weights, path, 0.4);
  addTokens(weights, api.title, 0.15);
  addTokens(weights, api.target, 0.15);
  for (const field of inputs) addTokens(addTokens(weights, field.description, 0.3), field.name, 0.2);
  for (const field of answers) addTokens(weights, field.description, 0.1);
  if (!isMethod(call)) addTokens(head, path, 0.8);
  if (isOrdering) for (const words of [head, weights]) words.set("~buy", 1);
  const writes = method !== "GET";
  const secret = inputs.some((field) => field.in === "body" && isSecret(field));
  // What takes a password as well is the login.
  const logsInToo = inputs.some(({ in: place, leaf }) => place === "body" && namesPassword(leaf));
  const refreshes = method !== "GET" && !logsInToo && isTokenRefresh(plain(`${path} ${first}`), inputs);
  const creates = head.has("~register") || head.has("~create") || head.has("~update");
  return {
    target: api.target,
    key: `${call} ${path}`,
    call,
    method,
    path,
    signature: operation.signature,
    summary,
    secured,
    inputs,
    answers,
    list: listOf(answers),
    head,
    weights,
    verb,
    writes,
    promises,
    refreshes,
    ...(operation.leadsOn === true ? { leadsOn: true as const } : {}),
    ...(operation.guessedFrom === undefined ? {} : { guessedFrom: operation.guessedFrom }),
    ...(isBare(api, operation) ? { undocumented: true as const } : {}),
    login:
      writes &&
      !refreshes &&
      method !== "DELETE" &&
      !head.has("~logout") &&
      (head.has("~login") ||
        (secret && !secured && (!creates || issuesToken(path)) && !inputs.some(needsThingId))),
  };
}

/** Whether nothing but the path of an operation is known, as its API has no document. */
const isBare = ({ documented, kind = "rest" }: ApiDescription, { method, fields }: ApiOperation): boolean =>
  !documented &&
  kind === "rest" &&
  (method === "POST" || method === "PUT" || method === "PATCH") &&
  fields.every((field) => field.in === "path");

/**
 * What a read of which nothing but the path is known is assumed to show of the things of its collection, where paths lead to one: an
 * id and a name, as most lists do.
 */
function shownByList(
  { documented, kind = "rest", operations }: ApiDescription,
  read: ApiOperation,
): ApiField[] {
  const { method, path, fields } = read;
  const isList =
    !documented &&
    kind === "rest" &&
    method === "GET" &&
    fields.every((field) => field.in === "path") &&
    operations.some((other) => other.path.startsWith(`${path.replace(/\/$/, "")}/{`));
  return isList
    ? ["[].id", "[].name"].map((name) => ({
        in: "answer" as const,
        name,
        type: "string",
        required: false,
        description: "",
        assumed: true as const,
      }))
    : [];
}

/** A summary in place of one that is left out: the name of an operation, or the verb of its method and its path. */
function summaryOf({ id, method, path }: ApiOperation): string {
  if (!isMethod(method)) return "";
  return spokenCall(id ?? "", method, path);
}

/** Whether `order` is what a name says is done: `order meal`, but not `order create`, nor `order line add`. */
function isNameOfOrdering(name: string): boolean {
  const [verb, thing = "", ...rest] = name.split(" ");
  return verb === "order" && thing !== "" && rest.length === 0 && !isMostlyVerb(thing);
}

/** Whether a path says that a token or a session is made there: `POST /auth/token` creates no thing of the system. */
const issuesToken = (path: string): boolean =>
  /\b(?:token|auth|session|login|credential)s?$/.test(plain(path.replaceAll(/\{[^}]*\}/g, " ")));

/** Whether a call needs the id of a thing: then it is no login, even if it takes a password. */
const needsThingId = (field: Field): boolean =>
  field.required &&
  field.in === "body" &&
  !isSecret(field) &&
  isIdName(field.leaf) &&
  THING_ID.test(field.leaf) &&
  !CALLER_ID.test(field.leaf);
const THING_ID = /(?:id|sku|slug)$/i;
const CALLER_ID =
  /^_?id$|user|account|client|tenant|device|log-?in|member|customer|organi[sz]ation|company|app|store|branch/i;

/** The HTTP equivalent of a query or a tool: a tool that does not declare whether it reads is judged by its verb. */
function methodOf({ method, reads }: ApiOperation, verb: string | undefined): HttpMethod {
  if (isMethod(method)) return method;
  if (method === "query" || reads === true) return "GET";
  if (method === "mutation") return "POST";
  return verb === "~find" || verb === "~show" ? "GET" : "POST";
}

/** The nouns of a text. */
function nounsOf(text: string): string {
  return plain(text)
    .split(" ")
    .filter((word) => !tokens(word).some((token) => VERB_MEANINGS.has(token)))
    .join(" ");
}

/** The list with the most fields; answers usually have one list. */
function listOf(answers: readonly Field[]): ListShape | undefined {
  const groups = new Map<string, Field[]>();
  for (const field of answers) {
    const at = field.name.indexOf("[]");
    if (at < 0 || field.name.length === at + 2) continue;
    const prefix = field.name.slice(0, at);
    const group = groups.get(prefix);
    if (group === undefined) groups.set(prefix, [field]);
    else group.push(field);
  }
  let best: ListShape | undefined;
  for (const [prefix, fields] of groups)
    if (best === undefined || fields.length > best.fields.length) best = { prefix, fields };
  return best;
}
