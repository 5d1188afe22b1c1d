import { gatewayFileOf } from "../gateway.ts";
import type { Config } from "../schema.ts";

/** The roles that read files of the project. */
export const FILE_ROLES = ["gateway", "inference", "agents"] as const;
export type FileRole = (typeof FILE_ROLES)[number];

/** What one role in a container reads of a project. */
export interface RolePart {
  /** Its part of the configuration: name and text of the file. Agents get theirs from the engine. */
  configuration?: { name: string; text: string };
  /** Files and folders that this part names, as they are written there. */
  files: string[];
  /** Variables that this part reads. */
  variables: string[];
}

const URL_LIKE = /^[a-z][a-z\d+.-]*:\/\//i;
const VARIABLE = /\$\{([A-Za-z_]\w*)/g;
const DOCUMENT_REFERENCE = /\$ref["']?\s*:\s*["']?([^"'#\s,}]+)/g;
/** The proxy's configuration file must name targets and goals, although it uses none. */
const UNUSED = {
  targets: { none: { baseUrl: "http://127.0.0.1:9" } },
  goals: [{ name: "none", prompt: "None.", success: [{ action: { operation: "GET /" } }] }],
};

/**
 * Divides a project among the roles: nothing else of it reaches their containers.
 * @param written the configuration before variables are filled in
 */
export function rolePartsOf(config: Config, written: unknown): Record<FileRole, RolePart> {
  const { inference } = written as { inference?: unknown };
  const gatewayText = gatewayFileOf(written);
  const events = config.events.send === "all" ? {} : { events: { send: config.events.send } };
  const inferenceText = JSON.stringify({ version: 1, inference, ...events, ...UNUSED }, null, 2);
  const files = filesOf(config);
  return {
    gateway: {
      configuration: { name: "ape.mcp-gateway.json", text: gatewayText },
      files: files.gateway,
      variables: variablesIn(gatewayText),
    },
    inference: {
      configuration: { name: "ape.config.yaml", text: inferenceText },
      files: files.inference,
      variables: variablesIn(inferenceText),
    },
    agents: { files: files.agents, variables: [] },
  };
}

/** Names of the variables that a text of a configuration reads. */
export function variablesIn(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([, name = ""]) => name))];
}

/** The variables among these names that have a value, with it. */
export function variableValues(
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}

/** Files that an API document refers to: the part before `#` of its external `$ref`s. */
export function documentReferences(text: string): string[] {
  const files = [...text.matchAll(DOCUMENT_REFERENCE)].map(([, file = ""]) => file);
  return [...new Set(files)].filter((file) => file !== "" && !URL_LIKE.test(file));
}

function filesOf({ targets, inference, goals }: Config): Record<FileRole, string[]> {
  const given = (files: readonly (string | undefined)[]): string[] =>
    files.filter((file): file is string => file !== undefined && !URL_LIKE.test(file));
  const commands = Object.values(targets).flatMap(({ command = [] }) => command.slice(1));
  return {
    gateway: [
      ...given(Object.values(targets).flatMap(({ spec, tls }) => [spec, tls.ca, tls.cert, tls.key])),
      // The files of the project among a command's arguments: the script of a local MCP server.
      ...commands.filter(
        (word) =>
          /^\.{0,2}[\w-]*[./]/.test(word) && !/^(?:\/|[A-Za-z]:\\)/.test(word) && !word.startsWith(".."),
      ),
    ],
    inference: given([
      inference.keyFile,
      ...inference.fallback.map(({ keyFile }) => keyFile),
      inference.replay,
    ]),
    agents: given([inference.instructions, ...goals.map(({ data }) => data?.file)]),
  };
}
