import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import type { z } from "zod";
import { ApeError } from "../lib/errors.ts";
import { yamlProblem } from "../lib/yaml-problem.ts";
import { querySecrets } from "./base-url.ts";
import { alternativesOf, ownHeaders } from "./check.ts";
import { crossFieldIssues } from "./cross-field-validation.ts";
import { type Environment, type FilledDocument, fillEnvironment, typedText } from "./environment.ts";
import { type GatewayConfig, gatewayConfigSchema, gatewayJsonSchema } from "./gateway.ts";
import type { SourceConfig } from "./inference.ts";
import { type ConfigIssue, toIssues } from "./issue.ts";
import { type Config, configJsonSchema, configSchema } from "./schema.ts";
import { maskConfiguration } from "./secrets/mask-configuration.ts";
import { dataSecrets, headerSecrets, targetSecrets } from "./secrets/target-secrets.ts";
import { parameterSecrets } from "./secrets/written-secrets.ts";
import { inTarget } from "./unsendable-header.ts";
import { markExactNumbers, withExactRequests } from "./yaml/exact-numbers.ts";
import { unquotedReference } from "./yaml/unquoted-reference.ts";

/** A configuration that was read whole. */
export interface ParsedConfig<T = Config> {
  config: T;
  /** As written, `${VAR}` unread and literal secrets masked: what a run keeps on disk. */
  written: unknown;
  /** Values that must not appear in any output. */
  secrets: string[];
}

/**
 * Reads ape.config.yaml. Pure: the text and the environment are handed in.
 * @param file name for messages
 * @throws ApeError CONFIG_INVALID or ENV_MISSING; `details` has one line `file:line:column: what` for each trouble
 */
export function parseConfig(text: string, file: string, environment: Environment): ParsedConfig {
  return parseBy(text, file, environment, CONFIG_KIND);
}

/** A process reads its file once: compiling the schemas first takes 0.2 s of CPU, and saves nothing. */
const READ_ONCE = { jitless: true } as const;

/**
 * Reads ape.mcp-gateway.json as {@link parseConfig} reads ape.config.yaml.
 * @throws ApeError CONFIG_INVALID or ENV_MISSING
 */
export function parseGatewayConfig(
  text: string,
  file: string,
  environment: Environment,
): ParsedConfig<GatewayConfig> {
  return parseBy(text, file, environment, {
    read: (value) => gatewayConfigSchema.safeParse(value, READ_ONCE),
    jsonSchema: gatewayJsonSchema,
    contradictions: ({ targets }) =>
      Object.entries(targets).flatMap(([name, config]) => [...inTarget(config, ["targets", name])]),
    secrets: ({ targets }) => distinct(Object.values(targets).flatMap(targetSecrets)),
  });
}

/** Levels of a configuration; nothing in it goes deeper than a request's body. */
const MAX_DEPTH = 100;

/** Differences between the kinds of configuration files. */
interface FileKind<T> {
  read(value: unknown): z.ZodSafeParseResult<T>;
  jsonSchema(): Record<string, unknown>;
  contradictions(config: T): ConfigIssue[];
  /** @param written the configuration with its variables unread */
  secrets(config: T, written: unknown): string[];
}

/** An error in a configuration with its place: 1-based line and column, and offsets in the text. */
export interface Problem {
  code: "CONFIG_INVALID" | "ENV_MISSING";
  /** With the place in the configuration before it: `load.agents: ...`. */
  message: string;
  line: number;
  column: number;
  /** Of the word that is wrong. */
  start: number;
  end: number;
  /** The correction, if it is mechanical: another text from `start` to `end`. */
  fix?: string;
}

/** A configuration with everything that is wrong with it. */
export interface Diagnosis<T = Config> {
  problems: Problem[];
  /** Only if nothing is wrong. */
  parsed?: ParsedConfig<T>;
  /** The place of a part of the configuration: the deepest part of the path that exists. */
  locate(path: readonly PropertyKey[]): Pick<Problem, "line" | "column" | "start" | "end">;
}

/** Reads ape.config.yaml as {@link parseConfig} does, and reports all errors instead of throwing. */
export function diagnoseConfig(text: string, environment: Environment): Diagnosis {
  return diagnoseBy(text, environment, CONFIG_KIND);
}

function parseBy<T>(
  text: string,
  file: string,
  environment: Environment,
  kind: FileKind<T>,
): ParsedConfig<T> {
  const { problems, parsed } = diagnoseBy(text, environment, kind);
  if (parsed !== undefined) return parsed;
  const line = ({ line, column, message }: Problem): string => `${file}:${line}:${column}: ${message}`;
  const missing = problems.filter(({ code }) => code === "ENV_MISSING");
  if (missing.length > 0) {
    const names = [...new Set(missing.map(({ message }) => /\$\{(\w+)\}/.exec(message)?.[1] ?? ""))];
    throw new ApeError("ENV_MISSING", `${names.join(", ")} ${names.length > 1 ? "are" : "is"} not set`, {
      hint: `Set ${names.length > 1 ? "them" : "it"} in the environment or in ape.env beside ${file}.`,
      details: missing.map(line),
    });
  }
  throw invalid(file, problems.map(line));
}

function diagnoseBy<T>(text: string, environment: Environment, kind: FileKind<T>): Diagnosis<T> {
  const lines = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  } catch (thrown) {
    // Nested too deep for the parser's stack.
    const place = { line: 1, column: 1, start: 0, end: 0 };
    return {
      problems: [{ ...place, code: "CONFIG_INVALID", message: yamlProblem(thrown) }],
      locate: () => place,
    };
  }
  const at = (start: number, end: number): Pick<Problem, "line" | "column" | "start" | "end"> => {
    const { line, col } = lines.linePos(start);
    return { line: Math.max(1, line), column: Math.max(1, col), start, end };
  };
  const locate = (path: readonly PropertyKey[]) => at(...rangeOf(document.contents, { path, message: "" }));
  const problems: Problem[] = document.errors
    .slice(0, 3)
    .map((error) => ({ ...at(...error.pos), code: "CONFIG_INVALID", message: yamlProblem(error.message) }));
  const [first] = document.errors;
  const unquoted = first === undefined ? undefined : unquotedReference(text, first.pos[0]);
  // What follows it is no mistake of its own.
  if (first !== undefined && unquoted !== undefined)
    return {
      problems: [
        {
          ...at(...first.pos),
          code: "CONFIG_INVALID",
          message: `within braces or brackets a value with a variable is quoted: "${unquoted}"`,
        },
      ],
      locate,
    };
  if (problems.length > 0) return { problems, locate };
  const impossible = isEmpty(document)
    ? { place: [0, 0] as const, message: emptyFile(text, kind.jsonSchema()) }
    : impossibleKey(document);
  if (impossible !== undefined) {
    const { place, message } = impossible;
    return { problems: [{ ...at(...place), code: "CONFIG_INVALID", message }], locate };
  }
  const unreadable = (thrown: unknown): Diagnosis<T> => ({
    problems: [{ ...at(0, 0), code: "CONFIG_INVALID", message: yamlProblem(thrown) }],
    locate,
  });
  let written: unknown;
  let value: unknown;
  let filling: FilledDocument;
  let exact: boolean;
  try {
    written = document.toJS();
    requireTree(written);
    exact = markExactNumbers(document);
    filling = fillEnvironment(document, environment);
    value = document.toJS();
  } catch (thrown) {
    // YAML itself can still be wrong here, as with an alias that names nothing.
    return unreadable(thrown);
  }
  const { missing, filled } = filling;
  for (const { variable, offset, message } of missing)
    problems.push({
      ...at(offset, offset + 1),
      code: "ENV_MISSING",
      message: `\${${variable}} has no value${message === undefined ? "" : `: ${message}`}`,
    });
  let result = kind.read(value);
  if (!result.success && filled.size > 0 && giveTypes(document, filled, result.error.issues)) {
    value = document.toJS();
    result = kind.read(value);
  }
  if (result.success && exact) result = { ...result, data: withExactRequests(result.data) };
  const issues = result.success
    ? kind.contradictions(result.data)
    : toIssues(result.error.issues, kind.jsonSchema(), value);
  for (const issue of issues) {
    const place = at(...rangeOf(document.contents, issue));
    // What a missing variable leaves behind is no mistake of its own.
    if (missing.some(({ offset }) => offset === valueStart(document.contents, issue))) continue;
    problems.push({
      ...place,
      code: "CONFIG_INVALID",
      message: `${describe(issue)}${source(document, filled, issue)}`,
      ...(issue.fix === undefined ? {} : { fix: issue.fix }),
    });
  }
  if (!result.success || problems.length > 0) return { problems, locate };
  const secrets = kind.secrets(result.data, written);
  return {
    problems,
    locate,
    parsed: { config: result.data, written: maskConfiguration(written, secrets), secrets },
  };
}

const isEmpty = ({ contents }: Document): boolean =>
  contents === null || (isScalar(contents) && contents.value === null);

function emptyFile(text: string, { required }: Record<string, unknown>): string {
  const keys = Array.isArray(required) ? required.map(String) : [];
  const needed = keys.length === 0 ? "" : `: it needs ${keys.join(", ")}`;
  return `${text.trim() === "" ? "the file is empty" : "the file holds no settings"}${needed}`;
}

/** A key that no configuration can have: one that JavaScript objects silently drop, or a map or a list. */
function impossibleKey(
  document: Document,
): { place: readonly [start: number, end: number]; message: string } | undefined {
  let found: { place: readonly [number, number]; message: string } | undefined;
  visit(document, {
    Pair(_key, { key }) {
      if (isScalar(key) && key.value === "__proto__")
        found = { place: spanOf(key) ?? [0, 9], message: "`__proto__` is no key of a configuration" };
      else if (isCollection(key))
        found = {
          place: spanOf(key) ?? [0, 0],
          message: `a key is a text, not a ${isMap(key) ? "map" : "list"}: put a text with braces or brackets into quotes`,
        };
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found;
}

/** Refuses a YAML alias that contains itself. */
function requireTree(value: unknown, around: readonly unknown[] = []): void {
  if (typeof value !== "object" || value === null) return;
  if (around.includes(value)) throw new Error("a YAML alias contains itself");
  const path = [...around, value];
  if (path.length > MAX_DEPTH) throw new Error(`values are nested more than ${MAX_DEPTH} levels deep`);
  for (const inner of Object.values(value)) requireTree(inner, path);
}

/**
 * Converts texts from variables to numbers and booleans, if the schema refuses them as texts.
 * @returns whether there was one
 */
function giveTypes(document: Document, filled: FilledDocument["filled"], issues: readonly Issue[]): boolean {
  let changed = false;
  for (const path of pathsOf(issues, [])) {
    const node = nodeAt(document.contents, path);
    if (!isScalar(node) || !filled.has(node) || typeof node.value !== "string") continue;
    const typed = typedText(node.value);
    if (typed === undefined) continue;
    node.value = typed;
    changed = true;
  }
  return changed;
}

type Issue = z.core.$ZodIssue;

/** Every place that issues speak of, of the branches of unions too. */
function pathsOf(issues: readonly Issue[], base: readonly PropertyKey[]): (readonly PropertyKey[])[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    const inner =
      issue.code === "invalid_union" ? issue.errors.flatMap((branch) => pathsOf(branch, path)) : [];
    return [path, ...inner];
  });
}

/** The variables of an offending value, for its message. */
function source(document: Document, filled: FilledDocument["filled"], { path, key }: ConfigIssue): string {
  const node = key === undefined ? nodeAt(document.contents, path) : undefined;
  const names = isScalar(node) ? (filled.get(node) ?? []) : [];
  return names.length === 0 ? "" : `; it comes from ${names.map((name) => `\${${name}}`).join(" and ")}`;
}

function invalid(file: string, details: readonly string[]): ApeError {
  const count = details.length === 1 ? "one mistake" : `${details.length} mistakes`;
  return new ApeError("CONFIG_INVALID", `${file} has ${count}`, {
    hint: "Correct the lines above, then try `ape-test validate`.",
    details,
  });
}

function describe({ path, message }: ConfigIssue): string {
  const where = path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`))
    .join("");
  return where === "" ? message : `${where}: ${message}`;
}

/** The source range of the deepest part of a path that is really there, or of its unknown key. */
function rangeOf(contents: Node | null, { path, key }: ConfigIssue): [start: number, end: number] {
  let at: unknown = contents;
  let range: [number, number] = spanOf(contents) ?? [0, 0];
  for (const part of key === undefined ? path : [...path, key]) {
    const [name, value] = stepInto(at, part);
    if (name === undefined) break;
    range = spanOf(name) ?? range;
    at = value;
  }
  return range;
}

/** The place of the value at a path; undefined if there is none. */
const valueStart = (contents: Node | null, { path }: ConfigIssue): number | undefined =>
  spanOf(nodeAt(contents, path))?.[0];

/** The value at a path; undefined if there is none. */
function nodeAt(contents: Node | null, path: readonly PropertyKey[]): unknown {
  let at: unknown = contents;
  for (const part of path) {
    const [name, value] = stepInto(at, part);
    if (name === undefined) return undefined;
    at = value;
  }
  return at;
}

/** The name and the value of a part of a collection; of a list's item both are the item. */
function stepInto(at: unknown, part: PropertyKey): [name: unknown, value: unknown] {
  if (!isCollection(at)) return [undefined, undefined];
  if (!isMap(at)) {
    const item = at.items[Number(part)];
    return [item, item];
  }
  const pair = at.items.find((item) => String(item.key) === String(part));
  return [pair?.key, pair?.value];
}

function spanOf(node: unknown): [number, number] | undefined {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}

function inferenceSecrets({
  apiKey,
  apiKeys,
}: Pick<SourceConfig, "apiKey" | "apiKeys">): (string | undefined)[] {
  return [apiKey, ...apiKeys.map((one) => (typeof one === "string" ? one : one.key))];
}

/** Values of headers of model calls that are credentials by their names, or come from variables. */
function requestHeaderSecrets({ inference }: Config, written: unknown): string[] {
  const source = (written as { inference?: WrittenInference | null } | null)?.inference;
  const sources: [SourceConfig, WrittenSource | null | undefined][] = [
    [inference, source],
    ...inference.fallback.map((one, index): [SourceConfig, WrittenSource | null | undefined] => [
      one,
      source?.fallback?.[index],
    ]),
  ];
  return sources.flatMap(([{ request }, raw]) =>
    Object.entries(request.headers).flatMap(([name, value]) =>
      String(raw?.request?.headers?.[name] ?? "").includes("${")
        ? headerSecrets({ authorization: value })
        : headerSecrets({ [name]: value }),
    ),
  );
}

interface WrittenInference extends WrittenSource {
  fallback?: (WrittenSource | null)[] | null;
}

/** The part of a source as written that contains its headers. */
interface WrittenSource {
  request?: { headers?: Record<string, unknown> | null } | null;
}

/** Every value of a configuration that is a credential. */
function secretsOf(config: Config, written: unknown): string[] {
  const secrets: (string | undefined)[] = [
    ...[config.inference, ...config.inference.fallback].flatMap(inferenceSecrets),
    ...requestHeaderSecrets(config, written),
    ...Object.values(config.targets).flatMap(targetSecrets),
    config.gateway.token,
    config.bus.credentials?.password,
    config.bus.credentials?.token,
  ];
  for (const { operation, headers, data, arguments: args } of [...config.setup, ...config.teardown])
    secrets.push(
      ...headerSecrets(headers),
      ...dataSecrets(data),
      ...dataSecrets(args),
      ...querySecrets(operation),
    );
  for (const check of config.goals.flatMap((goal) => goal.success))
    for (const { check: one } of alternativesOf(check)) {
      secrets.push(...headerSecrets(ownHeaders(one) ?? {}));
      if ("probe" in one) secrets.push(...parameterSecrets(one.probe.query));
    }
  for (const goal of config.goals)
    for (const row of goal.data?.rows ?? [])
      for (const column of goal.data?.secret ?? [])
        if (row[column] !== undefined) secrets.push(String(row[column]));
  return distinct(secrets);
}

const CONFIG_KIND: FileKind<Config> = {
  read: (value) => configSchema.safeParse(value, READ_ONCE),
  jsonSchema: configJsonSchema,
  contradictions: crossFieldIssues,
  secrets: secretsOf,
};

const distinct = (secrets: readonly (string | undefined)[]): string[] => [
  ...new Set(secrets.filter((secret): secret is string => secret !== undefined && secret !== "")),
];
