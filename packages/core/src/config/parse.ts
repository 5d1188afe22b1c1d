import { type Document, isCollection, isMap, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { ApeError, messageOf } from "../errors.ts";
import { contradictions } from "./contradiction.ts";
import { type Environment, fillEnvironment } from "./environment.ts";
import { type GatewayConfig, gatewayConfigSchema, gatewayJsonSchema } from "./gateway.ts";
import type { SourceConfig } from "./inference.ts";
import { type ConfigIssue, toIssues } from "./issue.ts";
import { type Config, configJsonSchema, configSchema } from "./schema.ts";

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
  return parseBy(text, file, environment, {
    read: (value) => configSchema.safeParse(value),
    jsonSchema: configJsonSchema,
    contradictions,
    secrets: secretsOf,
  });
}

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
    read: (value) => gatewayConfigSchema.safeParse(value),
    jsonSchema: gatewayJsonSchema,
    contradictions: () => [],
    secrets: ({ targets }) => distinct(targetSecrets(targets)),
  });
}

/** What tells one kind of configuration file from another. */
interface FileKind<T> {
  read(value: unknown): z.ZodSafeParseResult<T>;
  jsonSchema(): Record<string, unknown>;
  contradictions(config: T): ConfigIssue[];
  secrets(config: T): string[];
}

function parseBy<T>(
  text: string,
  file: string,
  environment: Environment,
  kind: FileKind<T>,
): ParsedConfig<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const broken = document.errors.slice(0, 3).map((error) => `${place(error.pos[0])}: ${error.message}`);
  if (broken.length > 0) throw invalid(file, broken);
  const written = plain(document, file);
  const { missing } = fillEnvironment(document, environment);
  if (missing.length > 0) {
    const names = [...new Set(missing.map(({ variable }) => variable))];
    throw new ApeError("ENV_MISSING", `${names.join(", ")} ${names.length > 1 ? "are" : "is"} not set`, {
      hint: `Set ${names.length > 1 ? "them" : "it"} in the environment or in ape.env beside ${file}.`,
      details: missing.map(({ variable, offset }) => `${place(offset)}: \${${variable}} has no value`),
    });
  }
  const value = plain(document, file);
  const parsed = kind.read(value);
  const issues = parsed.success
    ? kind.contradictions(parsed.data)
    : toIssues(parsed.error.issues, kind.jsonSchema(), value);
  if (!parsed.success || issues.length > 0)
    throw invalid(
      file,
      issues.map((issue) => `${place(offsetOf(document.contents, issue))}: ${describe(issue)}`),
    );
  const secrets = kind.secrets(parsed.data);
  return { config: parsed.data, written: masked(written, secrets), secrets };
}

/** The document as plain values; YAML itself can still be wrong here, as with an alias that names nothing. */
function plain(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (thrown) {
    throw invalid(file, [`${file}: ${messageOf(thrown)}`]);
  }
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

/** The source offset of the deepest part of a path that is really there, or of its unknown key. */
function offsetOf(contents: Node | null, { path, key }: ConfigIssue): number {
  let at: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const part of key === undefined ? path : [...path, key]) {
    if (!isCollection(at)) break;
    if (isMap(at)) {
      const pair = at.items.find((item) => String(item.key) === String(part));
      if (pair === undefined) break;
      offset = rangeStart(pair.key) ?? offset;
      at = pair.value;
    } else {
      at = at.items[Number(part)];
      offset = rangeStart(at) ?? offset;
    }
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return (node as Node | undefined)?.range?.[0];
}

const SECRET_HEADER = /authorization|cookie|token|key|secret/i;

/** The credentials in a list of headers. */
function headerSecrets(list: Record<string, string>): string[] {
  return Object.entries(list)
    .filter(([header]) => SECRET_HEADER.test(header))
    .flatMap(([, value]) => [value, value.replace(/^(?:Bearer|Basic)\s+/i, "")]);
}

function targetSecrets(targets: Config["targets"]): (string | undefined)[] {
  const secrets: (string | undefined)[] = [];
  for (const { auth, headers: own } of Object.values(targets)) {
    secrets.push(...headerSecrets(own));
    if (auth === "none") continue;
    if ("bearer" in auth) secrets.push(auth.bearer);
    else if ("basic" in auth) secrets.push(auth.basic.password);
    else if ("oauth2" in auth) secrets.push(auth.oauth2.clientSecret);
    else secrets.push(auth.apiKey.value);
  }
  return secrets;
}

function inferenceSecrets({
  apiKey,
  apiKeys,
}: Pick<SourceConfig, "apiKey" | "apiKeys">): (string | undefined)[] {
  return [apiKey, ...apiKeys.map((one) => (typeof one === "string" ? one : one.key))];
}

/** Every value of a configuration that is a credential. */
function secretsOf(config: Config): string[] {
  const secrets: (string | undefined)[] = [
    ...[config.inference, ...config.inference.fallback].flatMap(inferenceSecrets),
    ...targetSecrets(config.targets),
  ];
  for (const hook of [...config.setup, ...config.teardown]) secrets.push(...headerSecrets(hook.headers));
  for (const check of config.goals.flatMap((goal) => goal.success))
    if ("probe" in check && check.probe.as !== undefined)
      secrets.push(...headerSecrets(check.probe.as.headers));
  for (const goal of config.goals)
    for (const row of goal.data?.rows ?? [])
      for (const column of goal.data?.secret ?? [])
        if (row[column] !== undefined) secrets.push(String(row[column]));
  return distinct(secrets);
}

const distinct = (secrets: readonly (string | undefined)[]): string[] => [
  ...new Set(secrets.filter((secret): secret is string => secret !== undefined && secret !== "")),
];

function masked(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return secrets.includes(value) ? "***" : value;
  if (Array.isArray(value)) return value.map((item) => masked(item, secrets));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, secrets)]));
}
