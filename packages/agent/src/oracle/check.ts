import type { CheckConfig, GoalConfig } from "@ape/core/config/goal";
import type { Json, JsonObject } from "@ape/core/json";
import { operationShape, parseOperation, type Verb } from "@ape/core/operation";
import { bracedNames } from "@ape/core/reference-call";
import type { QueryValue } from "@ape/core/tool-call";
import { compileExpectation, type Expectation, jsonPath } from "./matcher.ts";

/** A check of a goal, compiled: its operation, what it expects, what it captures. */
export interface CompiledCheck {
  /** `action POST /orders`. */
  label: string;
  /** Target and shape, as failures are kept. */
  key: string;
  target: string;
  operation: string;
  /** The operation with its parameters unnamed, which is how answers are matched. */
  shape: string;
  expectation: Expectation;
  /** Of an action: the values it hands to probes. */
  captures: readonly { name: string; read: (json: Json) => Json | undefined }[];
  probe?: CompiledProbe;
}

export interface CompiledProbe {
  method: Verb;
  template: string;
  /** Of what is none of HTTP. */
  given: { document?: string | undefined; arguments?: JsonObject | undefined };
  query: Record<string, QueryValue> | undefined;
  headers: Readonly<Record<string, string>> | undefined;
  final: boolean;
  deadlineMs: number;
  /** Captures that the template needs. */
  needs: readonly string[];
}

const compiled = new WeakMap<GoalConfig, readonly CompiledCheck[]>();

/** The checks of a goal; compiled once, shared by every session of it. */
export function compileChecks(goal: GoalConfig, onlyTarget: string): readonly CompiledCheck[] {
  let checks = compiled.get(goal);
  if (checks === undefined) {
    checks = goal.success.map((check) => compileCheck(check, onlyTarget));
    compiled.set(goal, checks);
  }
  return checks;
}

function compileCheck(check: CheckConfig, onlyTarget: string): CompiledCheck {
  const own = "action" in check ? check.action : check.probe;
  const reference = parseOperation(own.operation);
  const operation = reference?.operation ?? own.operation;
  const shape = operationShape(operation);
  const target = own.target ?? reference?.target ?? onlyTarget;
  const base = { key: `${target} ${shape}`, target, operation, shape };
  if ("action" in check) {
    const { status, body, capture } = check.action;
    return {
      ...base,
      label: `action ${operation}`,
      expectation: compileExpectation(status, body),
      captures: Object.entries(capture).map(([name, path]) => ({ name, read: jsonPath(path) })),
    };
  }
  const { expect, query, as, final, deadline } = check.probe;
  const template = reference?.template ?? "/";
  return {
    ...base,
    label: `probe ${operation}`,
    expectation: compileExpectation(expect.status, expect.body),
    captures: [],
    probe: {
      method: reference?.method ?? "GET",
      template,
      given: { document: check.probe.document, arguments: check.probe.arguments },
      query,
      headers: as?.headers,
      final,
      deadlineMs: deadline,
      needs: [
        ...Array.from(template.matchAll(/\{([^}]+)\}/g), (match) => match[1] as string),
        ...bracedNames(check.probe.arguments ?? {}),
      ],
    },
  };
}
