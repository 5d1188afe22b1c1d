import type { ToolDefinition } from "./chat.ts";
import { CALL_TOOL, GRAPHQL_TOOL, HTTP_REQUEST_TOOL, HTTP_TOOLS, SUBMIT_FORM_TOOL } from "./tools.ts";

/** The kinds of systems under test. */
export const TARGET_KINDS = ["rest", "graphql", "web", "mcp"] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** What sets the kinds of targets apart, beside how the gateway calls them. */
export interface TargetKindTraits {
  /** What the kind is called for people. */
  label: string;
  /** How its operations are named: `GET /path`, `query name` and `mutation name`, or `tool name`. */
  named: "http" | "graphql" | "tool";
  /** A pattern of `allow` or `deny` that fits it. */
  pattern: string;
  /**
   * Where its operations are listed: in a document that `spec` names, in its schema (which `spec` can name and the
   * target itself can show), by the target only, or nowhere, so that it is explored.
   */
  described: "document" | "schema" | "itself" | "explored";
  /** The generic tools that reach it; a model is offered them if operations have no tools of their own. */
  tools: readonly ToolDefinition[];
  /** What calls the operations that a prompt leaves out. */
  leftOutTool: ToolDefinition;
  /** Whether each documented operation has a tool of its own. */
  operationTools: boolean;
  /** What a model has to know of it. */
  instructions?: string;
}

/** The traits of each kind; the one place that a new kind is described in for configuration, setup, prompts and tools. */
export const TARGET_KIND_TRAITS: Readonly<Record<TargetKind, TargetKindTraits>> = {
  rest: {
    label: "REST API",
    named: "http",
    pattern: "`GET /orders/**`",
    described: "document",
    tools: HTTP_TOOLS,
    leftOutTool: HTTP_REQUEST_TOOL,
    operationTools: true,
  },
  graphql: {
    label: "GraphQL API",
    named: "graphql",
    pattern: "`query *` or `mutation add*`",
    described: "schema",
    tools: [GRAPHQL_TOOL],
    leftOutTool: GRAPHQL_TOOL,
    operationTools: false,
    instructions:
      "GraphQL: use the tool graphql. Each query and mutation below is a field of the schema's root. A field `on T` is selected within `... on T`.",
  },
  web: {
    label: "Web application (pages and forms)",
    named: "http",
    pattern: "`POST /cart/**`",
    described: "explored",
    tools: [HTTP_TOOLS[0] as ToolDefinition, SUBMIT_FORM_TOOL],
    leftOutTool: HTTP_REQUEST_TOOL,
    operationTools: false,
    instructions: "Web pages: open a page with http_get, starting at /; send its forms with submit_form.",
  },
  mcp: {
    label: "MCP server",
    named: "tool",
    pattern: "`tool search_*`",
    described: "itself",
    tools: [CALL_TOOL],
    leftOutTool: CALL_TOOL,
    operationTools: true,
    instructions: "MCP server: each of its tools is one of yours.",
  },
};

/** Whether `spec` can name a document of a kind. */
export function takesDocument(kind: TargetKind): boolean {
  const { described } = TARGET_KIND_TRAITS[kind];
  return described === "document" || described === "schema";
}

/** Whether a kind of target lists its operations itself, so that another name is a mistake. */
export function describesItself(kind: TargetKind): boolean {
  const { described } = TARGET_KIND_TRAITS[kind];
  return described === "schema" || described === "itself";
}

/** Forms of patterns of `allow` and `deny`, by how operations are named; the pattern for everything fits each. */
const PATTERN_FORMS: Readonly<Record<TargetKindTraits["named"], RegExp>> = {
  http: /^(?:\*|[A-Z]+) /,
  graphql: /^(?:query |mutation |\* \/\*\*$)/,
  tool: /^(?:tool |\* \/\*\*$)/,
};

/** Whether a pattern of `allow` or `deny` can match an operation of a kind at all. */
export const canMatch = (kind: TargetKind, pattern: string): boolean =>
  PATTERN_FORMS[TARGET_KIND_TRAITS[kind].named].test(pattern);

/** Patterns that allow every operation of a kind. */
export function everyOperation(kind: TargetKind): string[] {
  return TARGET_KIND_TRAITS[kind].named === "http" ? ["* /**"] : ["query *", "mutation *", "tool *"];
}
